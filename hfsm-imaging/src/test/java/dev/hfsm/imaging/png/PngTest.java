package dev.hfsm.imaging.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {

  private static final long SEED = 99;
  private static final PngLimits LIMITS = new PngLimits(50_000_000, 1_000_000);

  @Test
  void whatIsWrittenIsReadByAnIndependentReaderAndByOurs() throws IOException {
    System.out.println("PngTest seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      int w = 1 + random.nextInt(50);
      int h = 1 + random.nextInt(40);
      int channels = 1 + random.nextInt(4);
      byte[] samples = picture(random, w, h, channels, round);
      byte[] png = write(samples, w, h, channels, random.nextInt(10));
      String what = "round %d: %d × %d × %d".formatted(round, w, h, channels);
      assertThat(argb(ImageIO.read(new ByteArrayInputStream(png)), round))
          .as(what)
          .isEqualTo(visible(samples, channels));
      try (PngReader reader = open(png)) {
        byte[] read = rows(reader);
        assertThat(visible(read, reader.info().channels()))
            .as(what)
            .isEqualTo(visible(samples, channels));
      }
    }
  }

  @Test
  void repetitionsAreLookedForWhereThereAreSome() throws IOException {
    Random random = new Random(SEED);
    byte[] tile = new byte[3 * 97];
    random.nextBytes(tile);
    byte[] tiled = new byte[400 * 300 * 3];
    byte[] noise = new byte[tiled.length];
    random.nextBytes(noise);
    for (int i = 0; i < tiled.length; i++) {
      tiled[i] = tile[(i + i / 1200 * 39) % tile.length];
    }
    assertThat(write(tiled, 400, 300, 3, 3).length).isLessThan(tiled.length / 10);
    assertThat(write(noise, 400, 300, 3, 3).length).isLessThan(noise.length + 2000);
  }

  @Test
  void choosesTheSmallestFormThatLosesNothing() throws IOException {
    byte[] opaqueGrey = new byte[64 * 64 * 4];
    for (int i = 0; i < 64 * 64; i++) {
      Arrays.fill(opaqueGrey, 4 * i, 4 * i + 3, (byte) i);
      opaqueGrey[4 * i + 3] = -1;
    }
    assertThat(form(opaqueGrey, 4)).isEqualTo("grey 8");
    for (int i = 0; i < 64 * 64; i++) {
      Arrays.fill(opaqueGrey, 4 * i, 4 * i + 3, (byte) (i % 4 * 85));
    }
    assertThat(form(opaqueGrey, 4)).isEqualTo("grey 2");
    byte[] few = new byte[64 * 64 * 4];
    for (int i = 0; i < 64 * 64; i++) {
      few[4 * i] = (byte) (i % 13);
      few[4 * i + 1] = 77;
      few[4 * i + 3] = (byte) (i % 13 * 19);
    }
    assertThat(form(few, 4)).isEqualTo("palette 4");
    byte[] many = new byte[64 * 64 * 4];
    new Random(SEED).nextBytes(many);
    assertThat(form(many, 4)).isEqualTo("rgba 8");
    for (int i = 0; i < 64 * 64; i++) {
      many[4 * i + 3] = -1;
    }
    assertThat(form(many, 4)).isEqualTo("rgb 8");
  }

  @Test
  void aLargePictureIsWrittenAsItComes() throws IOException {
    int w = 2100;
    int h = 1400;
    byte[] row = new byte[3 * w];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PngWriter writer = new PngWriter(PngSpec.of(w, h, 3, 1), out, () -> {})) {
      Random random = new Random(SEED);
      for (int y = 0; y < h; y++) {
        random.nextBytes(row);
        writer.row(row, 0);
        if (y == 700) {
          assertThat(out.size()).isGreaterThan(1_000_000);
        }
      }
      writer.finish();
    }
    try (PngReader reader = open(out.toByteArray())) {
      Random random = new Random(SEED);
      byte[] read = new byte[3 * w];
      for (int y = 0; y < h; y++) {
        random.nextBytes(row);
        assertThat(reader.row(read, 0)).isTrue();
        assertThat(read).isEqualTo(row);
      }
      assertThat(reader.row(read, 0)).isFalse();
    }
  }

  @Test
  void aProfileIsKeptWhenAskedFor() throws IOException {
    byte[] icc = new byte[5000];
    new Random(SEED).nextBytes(icc);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PngSpec spec = PngSpec.of(1, 1, 1, 6).withProfile(icc);
    try (PngWriter writer = new PngWriter(spec, out, () -> {})) {
      writer.row(new byte[1], 0);
      writer.finish();
    }
    try (PngReader reader = open(out.toByteArray())) {
      assertThat(reader.info().profile()).contains(icc);
    }
    try (PngReader reader =
        PngReader.open(in(out.toByteArray()), new PngLimits(9, 4000), () -> {})) {
      assertThat(reader.info().profile()).isEmpty();
    }
  }

  @Test
  void exposesWhatTheFileSaysOfItsColours() throws IOException {
    ByteBuffer chrm = ByteBuffer.allocate(32);
    for (int i = 0; i < 8; i++) {
      chrm.putInt(1000 * i);
    }
    byte[] png =
        file(
            header(1, 1, 8, 0, 0),
            chunk("gAMA", ByteBuffer.allocate(4).putInt(45_455).array()),
            chunk("sRGB", new byte[] {1}),
            chunk("cHRM", chrm.array()),
            chunk("cICP", new byte[] {12, 13, 0, 1}),
            chunk("eXIf", new byte[] {'M', 'M'}),
            chunk("acTL", new byte[] {0, 0, 0, 5, 0, 0, 0, 0}),
            data(new byte[] {0, 7}));
    try (PngReader reader = open(png)) {
      PngInfo info = reader.info();
      assertThat(info.gamma()).hasValue(45_455);
      assertThat(info.srgbIntent()).hasValue(1);
      assertThat(info.chromaticities().orElseThrow()[7]).isEqualTo(7000);
      assertThat(info.codingPoints()).contains(new byte[] {12, 13, 0, 1});
      assertThat(info.exif()).contains(new byte[] {'M', 'M'});
      assertThat(info.frames()).isEqualTo(5);
      assertThat(rows(reader)).containsExactly(7);
    }
  }

  @Test
  void sixteenBitsAreReadExactlyOrRounded() throws IOException {
    byte[] png = file(header(2, 1, 16, 0, 0), data(new byte[] {0, 0x12, 0x34, -1, -1}));
    try (PngReader reader = open(png)) {
      short[] row = new short[2];
      assertThat(reader.row(row, 0)).isTrue();
      assertThat(row).containsExactly((short) 0x1234, (short) -1);
    }
    try (PngReader reader = open(png)) {
      assertThat(rows(reader)).containsExactly(Math.round(0x1234 * 255 / 65535f), -1);
    }
  }

  @Test
  void everyDamageIsAnsweredWithOneException() throws IOException {
    byte[] sound = write(picture(new Random(SEED), 30, 20, 4, 1), 30, 20, 4, 6);
    Random random = new Random(SEED);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      byte[] bad = sound.clone();
      if (round % 3 == 0) {
        bad = Arrays.copyOf(sound, random.nextInt(sound.length - 12));
      }
      for (int i = 0; round % 3 != 0 && i <= random.nextInt(3); i++) {
        bad[random.nextInt(bad.length - 12)] = (byte) random.nextInt(256);
      }
      try (PngReader reader = PngReader.open(in(bad), new PngLimits(10_000, 1000), () -> {})) {
        rows(reader);
      } catch (PngException e) {
        refused++;
        assertThat(e).hasMessageMatching("it .*|its .*|a .*|bad .*|the .*");
      }
    }
    assertThat(refused).isGreaterThan(2900);
  }

  @Test
  void damageThatChecksumsHideIsAnsweredTheSame() throws IOException {
    Random random = new Random(SEED);
    for (int round = 0; round < 3000; round++) {
      int[] depths = {1, 2, 4, 8, 16, 3};
      byte[] header =
          header(
              1 + random.nextInt(20),
              1 + random.nextInt(20),
              depths[random.nextInt(6)],
              random.nextInt(7),
              random.nextInt(2));
      byte[] raw = new byte[random.nextInt(2500)];
      random.nextBytes(raw);
      for (int i = 0; i < raw.length; i++) {
        raw[i] = (byte) (random.nextInt(12) > 0 ? raw[i] & 3 : raw[i]);
      }
      byte[] palette = new byte[random.nextInt(40)];
      byte[] transparency = new byte[random.nextInt(8)];
      byte[] png = file(header, chunk("PLTE", palette), chunk("tRNS", transparency), data(raw));
      try (PngReader reader = open(png)) {
        rows(reader);
      } catch (PngException e) {
        assertThat(e.reason()).isEqualTo(PngException.Reason.MALFORMED);
      }
    }
  }

  @Test
  void limitsAreCheckedBeforeMemoryIsTaken() {
    for (int[] size : new int[][] {{1 << 30, 1 << 30}, {Integer.MAX_VALUE, 1}, {7072, 7072}}) {
      byte[] png = file(header(size[0], size[1], 8, 6, 1), data(new byte[10]));
      assertThatThrownBy(() -> open(png))
          .isInstanceOfSatisfying(
              PngException.class,
              e -> assertThat(e.reason()).isEqualTo(PngException.Reason.TOO_LARGE));
    }
  }

  @Test
  void ancillaryChunksWithAWrongChecksumAreLeftOutAndCriticalOnesRefused() throws IOException {
    byte[] gamma = chunk("gAMA", new byte[] {0, 0, 1, 0});
    gamma[gamma.length - 1]++;
    byte[] png = file(header(1, 1, 8, 0, 0), gamma, data(new byte[] {0, 7}));
    try (PngReader reader = open(png)) {
      assertThat(reader.info().gamma()).isEmpty();
      assertThat(rows(reader)).containsExactly(7);
    }
    byte[] data = data(new byte[] {0, 7});
    data[data.length - 1]++;
    byte[] bad = file(header(1, 1, 8, 0, 0), data);
    assertThatThrownBy(
            () -> {
              try (PngReader reader = open(bad)) {
                rows(reader);
              }
            })
        .isInstanceOf(PngException.class)
        .hasMessageContaining("bad CRC in its IDAT");
  }

  static PngReader open(byte[] png) throws IOException {
    return PngReader.open(in(png), LIMITS, () -> {});
  }

  private static ByteArrayInputStream in(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  static byte[] rows(PngReader reader) throws IOException {
    int length = reader.info().width() * reader.info().channels();
    byte[] all = new byte[length * reader.info().height()];
    for (int y = 0; y < reader.info().height(); y++) {
      assertThat(reader.row(all, y * length)).isTrue();
    }
    assertThat(reader.row(all, 0)).isFalse();
    return all;
  }

  private static byte[] write(byte[] samples, int w, int h, int channels, int level)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PngWriter writer = new PngWriter(PngSpec.of(w, h, channels, level), out, () -> {})) {
      for (int y = 0; y < h; y++) {
        writer.row(samples, y * w * channels);
      }
      writer.finish();
    }
    return out.toByteArray();
  }

  private static String form(byte[] samples, int channels) throws IOException {
    byte[] png = write(samples, 64, 64, channels, 6);
    String[] names = {"grey", "?", "rgb", "palette", "greya", "?", "rgba"};
    assertThat(png[25]).isIn((byte) 0, (byte) 2, (byte) 3, (byte) 4, (byte) 6);
    try (PngReader reader = open(png)) {
      assertThat(visible(rows(reader), reader.info().channels()))
          .isEqualTo(visible(samples, channels));
      return names[png[25]] + " " + reader.info().bitDepth();
    }
  }

  private static byte[] picture(Random random, int w, int h, int channels, int round) {
    byte[] samples = new byte[w * h * channels];
    int colors = round % 4 == 0 ? 2 : round % 4 == 1 ? 1000 : round % 4 == 2 ? 13 : 200;
    for (int i = 0; i < w * h; i++) {
      int color = round % 5 == 0 ? i % w + i / w : random.nextInt(colors);
      for (int c = 0; c < channels; c++) {
        samples[i * channels + c] = (byte) (color * (c + 1) * 85);
      }
      if (channels % 2 == 0 && round % 3 == 0) {
        samples[i * channels + channels - 1] = -1;
      }
    }
    return samples;
  }

  static int[] visible(byte[] samples, int channels) {
    int[] argb = new int[samples.length / channels];
    for (int i = 0; i < argb.length; i++) {
      int p = i * channels;
      int r = samples[p] & 0xFF;
      int g = channels < 3 ? r : samples[p + 1] & 0xFF;
      int b = channels < 3 ? r : samples[p + 2] & 0xFF;
      int a = channels % 2 == 1 ? 255 : samples[p + channels - 1] & 0xFF;
      argb[i] = a << 24 | r << 16 | g << 8 | b;
    }
    return argb;
  }

  /** The samples as stored: a grey picture's colour model would change them. */
  static int[] argb(BufferedImage image, int round) {
    int w = image.getWidth();
    int[] argb = new int[w * image.getHeight()];
    int bands = image.getRaster().getNumBands();
    boolean indexed = image.getColorModel() instanceof java.awt.image.IndexColorModel;
    int depth = image.getColorModel().getComponentSize(0);
    for (int i = 0; i < argb.length; i++) {
      if (indexed || bands > 2 && depth == 8) {
        argb[i] = image.getRGB(i % w, i / w);
        continue;
      }
      int[] s = image.getRaster().getPixel(i % w, i / w, (int[]) null);
      for (int c = 0; depth == 16 && c < s.length; c++) {
        s[c] = (int) Math.round(s[c] * 255 / 65535.0);
      }
      int alpha = bands % 2 == 0 ? s[bands - 1] : 255;
      int g = bands < 3 ? s[0] : s[1];
      argb[i] = alpha << 24 | s[0] << 16 | g << 8 | (bands < 3 ? s[0] : s[2]);
    }
    return argb;
  }

  private static byte[] header(int w, int h, int depth, int color, int interlace) {
    ByteBuffer body = ByteBuffer.allocate(13).putInt(w).putInt(h);
    body.put((byte) depth).put((byte) color).put((byte) 0).put((byte) 0).put((byte) interlace);
    return chunk("IHDR", body.array());
  }

  private static byte[] data(byte[] raw) {
    Deflater deflater = new Deflater();
    deflater.setInput(raw);
    deflater.finish();
    byte[] out = new byte[raw.length + 100];
    int n = deflater.deflate(out);
    deflater.end();
    return chunk("IDAT", Arrays.copyOf(out, n));
  }

  private static byte[] chunk(String name, byte[] body) {
    byte[] type = name.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(type);
    crc.update(body);
    ByteBuffer chunk = ByteBuffer.allocate(12 + body.length).putInt(body.length).put(type);
    return chunk.put(body).putInt((int) crc.getValue()).array();
  }

  private static byte[] file(byte[]... chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    for (byte[] chunk : chunks) {
      out.writeBytes(chunk);
    }
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }
}

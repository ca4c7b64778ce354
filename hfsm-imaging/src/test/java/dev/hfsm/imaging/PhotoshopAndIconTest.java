package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Source;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** Variants of Photoshop files and of icons. */
class PhotoshopAndIconTest extends EngineFixture {

  private static final MediaType PSD = new MediaType("image/vnd.adobe.photoshop");
  private static final MediaType ICO = new MediaType("image/x-icon");
  private static final int W = 50;
  private static final int H = 30;

  /** The colour of a pixel: a red ramp across, a green one down, alpha in four steps. */
  private static int color(int x, int y) {
    return (x / 13 * 85) << 24 | 5 * x << 16 | 8 * y << 8 | 77;
  }

  /** A file of these channels, given for each pixel of {@link #color}. */
  static byte[] psd(
      int mode, int depth, int version, boolean packed, boolean alpha, IntUnaryOperator... planes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeBytes("8BPS");
      out.writeShort(version);
      out.write(new byte[6]);
      out.writeShort(planes.length);
      out.writeInt(H);
      out.writeInt(W);
      out.writeShort(depth);
      out.writeShort(mode);
      out.writeInt(mode == 2 ? 768 : 0);
      for (int i = 0; mode == 2 && i < 768; i++) {
        out.write(i < 256 ? i : i < 512 ? 255 - i : 9);
      }
      byte[] secret = "secret words!!".getBytes(StandardCharsets.US_ASCII);
      out.writeInt(12 + secret.length);
      out.writeBytes("8BIM");
      out.writeShort(1028);
      out.writeShort(0);
      out.writeInt(secret.length);
      out.write(secret);
      byte[] section = new byte[version == 2 ? 12 : 8];
      section[version == 2 ? 7 : 3] = 4;
      section[version == 2 ? 8 : 4] = (byte) (alpha ? 0xFF : 0);
      section[version == 2 ? 9 : 5] = (byte) (alpha ? 0xFF : 1);
      if (version == 2) {
        out.writeInt(0);
      }
      out.writeInt(section.length);
      out.write(section);
      out.writeShort(packed ? 1 : 0);
      data(out, depth, version, packed, planes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void data(
      DataOutputStream out, int depth, int version, boolean packed, IntUnaryOperator... planes)
      throws IOException {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    Random random = new Random(1);
    for (IntUnaryOperator plane : planes) {
      for (int y = 0; y < H; y++) {
        byte[] row = new byte[depth == 1 ? (W + 7) / 8 : W * depth / 8];
        for (int x = 0; x < W; x++) {
          int value = plane.applyAsInt(color(x, y));
          if (depth == 1) {
            row[x / 8] |= (byte) (value << (7 - x % 8));
          } else {
            row[x * depth / 8] = (byte) value;
          }
        }
        int before = rows.size();
        if (packed) {
          pack(row, rows, random);
          if (version == 2) {
            out.writeInt(rows.size() - before);
          } else {
            out.writeShort(rows.size() - before);
          }
        } else {
          rows.writeBytes(row);
        }
      }
    }
    out.write(rows.toByteArray());
  }

  private static void pack(byte[] row, ByteArrayOutputStream out, Random random) {
    for (int x = 0; x < row.length; ) {
      int same = 1;
      while (x + same < row.length && row[x + same] == row[x] && same < 128) {
        same++;
      }
      if (same > 1) {
        out.write(1 - same);
        out.write(row[x]);
        x += same;
      } else {
        int n = Math.min(row.length - x, 1 + random.nextInt(5));
        out.write(n - 1);
        out.write(row, x, n);
        x += n;
      }
      if (random.nextInt(9) == 0) {
        out.write(-128);
      }
    }
  }

  private BufferedImage shown(byte[] psd) {
    Source source = Pictures.source(folder, PSD, psd);
    assertThat(engine.inspect(source, new TestBudget()).get(Fact.WIDTH)).contains(W);
    byte[] made = bytes(rendition(source, PNG));
    assertThat(new String(made, StandardCharsets.ISO_8859_1)).doesNotContain("secret", "8BIM");
    return Pictures.decoded(made);
  }

  private static final IntUnaryOperator RED = c -> c >> 16 & 0xFF;
  private static final IntUnaryOperator GREEN = c -> c >> 8 & 0xFF;
  private static final IntUnaryOperator BLUE = c -> c & 0xFF;
  private static final IntUnaryOperator ALPHA = c -> c >>> 24;

  @Test
  void theMergedPictureIsReadInEveryMode() {
    for (boolean packed : new boolean[] {false, true}) {
      for (int version = 1; version <= 2; version++) {
        String as = "version " + version + (packed ? " packed" : "");
        BufferedImage rgb = shown(psd(3, 8, version, packed, false, RED, GREEN, BLUE));
        BufferedImage deep = shown(psd(3, 16, version, packed, false, RED, GREEN, BLUE));
        BufferedImage mask = shown(psd(3, 8, version, packed, false, RED, GREEN, BLUE, ALPHA));
        BufferedImage rgba = shown(psd(3, 8, version, packed, true, RED, GREEN, BLUE, ALPHA));
        BufferedImage grey = shown(psd(1, 8, version, packed, false, GREEN));
        BufferedImage greyAlpha = shown(psd(1, 8, version, packed, true, GREEN, ALPHA));
        BufferedImage table = shown(psd(2, 8, version, packed, false, RED));
        BufferedImage bits = shown(psd(0, 1, version, packed, false, c -> c >> 11 & 1));
        BufferedImage inks = shown(psd(4, 8, version, packed, false, RED, GREEN, BLUE, c -> 255));
        for (int y = 0; y < H; y++) {
          for (int x = 0; x < W; x++) {
            int c = color(x, y);
            int opaque = c | 0xFF000000;
            int g = GREEN.applyAsInt(c);
            int r = RED.applyAsInt(c);
            int light = 0xFF000000 | g * 0x10101;
            int clear = ALPHA.applyAsInt(c);
            assertThat(rgb.getRGB(x, y)).as(as).isEqualTo(opaque);
            assertThat(deep.getRGB(x, y)).as(as).isEqualTo(opaque);
            assertThat(mask.getRGB(x, y)).as(as).isEqualTo(opaque);
            assertThat(rgba.getRGB(x, y) >>> 24).as(as).isEqualTo(clear);
            assertThat(clear == 255 ? rgba.getRGB(x, y) : c).as(as).isEqualTo(c);
            assertThat(grey.getRGB(x, y)).as(as).isEqualTo(light);
            assertThat(clear == 255 ? greyAlpha.getRGB(x, y) : light).as(as).isEqualTo(light);
            assertThat(table.getRGB(x, y))
                .as(as)
                .isEqualTo(0xFF000000 | r << 16 | (255 - r & 0xFF) << 8 | 9);
            assertThat(bits.getRGB(x, y)).as(as).isEqualTo((c >> 11 & 1) == 0 ? -1 : 0xFF000000);
            assertThat(inks.getRGB(x, y)).as(as).isEqualTo(opaque);
          }
        }
      }
    }
  }

  @Test
  void labStaysClosedAndDamageIsRefused() {
    byte[] lab = psd(9, 8, 1, false, false, RED, GREEN, BLUE);
    Source closed = Pictures.source(folder, PSD, lab);
    assertThat(engine.inspect(closed, new TestBudget()).get(Fact.HEIGHT)).contains(H);
    assertThatThrownBy(() -> rendition(closed, PNG))
        .isInstanceOf(RejectedMediaException.class)
        .hasMessageContaining("not supported");
    byte[] sound = psd(3, 8, 1, true, false, RED, GREEN, BLUE);
    Source cut = Pictures.source(folder, PSD, Arrays.copyOf(sound, sound.length - 5));
    assertThatThrownBy(() -> rendition(cut, PNG))
        .isInstanceOf(RejectedMediaException.class)
        .hasMessageContaining("truncated");
  }

  /** An icon with these pictures; sides and bits of the directory are those given. */
  static byte[] ico(Map<Integer, byte[]> pictures) {
    ByteBuffer head = ByteBuffer.allocate(6 + 16 * pictures.size()).order(ByteOrder.LITTLE_ENDIAN);
    head.putShort((short) 0).putShort((short) 1).putShort((short) pictures.size());
    int at = head.capacity();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Map.Entry<Integer, byte[]> picture : new java.util.TreeMap<>(pictures).entrySet()) {
      int side = picture.getKey();
      head.put((byte) side).put((byte) side).putInt(1 << 16).putShort((short) 32);
      head.putInt(picture.getValue().length).putInt(at);
      at += picture.getValue().length;
      body.writeBytes(picture.getValue());
    }
    return Pictures.concat(head.array(), body.toByteArray());
  }

  static byte[] bitmap(int side, int bits, boolean mask) {
    int colors = bits > 8 ? 0 : 1 << bits;
    int stride = (side * bits + 31) / 32 * 4;
    int maskStride = (side + 31) / 32 * 4;
    ByteBuffer out =
        ByteBuffer.allocate(40 + 4 * colors + stride * side + (mask ? maskStride * side : 0))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(40).putInt(side).putInt(2 * side).putShort((short) 1).putShort((short) bits);
    out.position(40);
    for (int i = 0; i < colors; i++) {
      out.putInt(0x00300000 | i << 8 & 0xFF00 | i);
    }
    int rows = out.position();
    for (int y = 0; y < side; y++) {
      int row = rows + stride * (side - 1 - y);
      for (int x = 0; x < side; x++) {
        int index = (x + y) % Math.max(2, colors);
        if (bits == 32) {
          out.putInt(row + 4 * x, mask ? 0x00FF0000 | x : (x < 8 ? 0x80 : 0xFF) << 24 | x);
        } else if (bits == 24) {
          out.put(row + 3 * x, (byte) x);
        } else {
          int at = row + x * bits / 8;
          out.put(at, (byte) (out.get(at) | index << (8 - bits - x * bits % 8)));
        }
        if (mask && x >= 16) {
          int at = rows + stride * side + maskStride * (side - 1 - y) + x / 8;
          out.put(at, (byte) (out.get(at) | 1 << (7 - x % 8)));
        }
      }
    }
    return out.array();
  }

  @Test
  void theLargestPictureOfAnIconCounts() {
    byte[] png = Pictures.encoded(corners(), "png");
    Source source = Pictures.source(folder, ICO, ico(Map.of(16, bitmap(16, 32, true), 48, png)));
    assertThat(seen(variant(source, PNG))).isEqualTo("RGWB");
    Facts facts = engine.inspect(source, new TestBudget());
    assertThat(facts.get(Fact.WIDTH)).contains(48);
    assertThat(facts.get(Fact.HEIGHT)).contains(32);
  }

  @Test
  void bitmapsOfEveryDepthHaveTheirColoursAndTheirMask() {
    for (int bits : new int[] {1, 4, 8, 24, 32}) {
      BufferedImage image =
          variant(Pictures.source(folder, ICO, ico(Map.of(32, bitmap(32, bits, true)))), PNG);
      for (int y = 0; y < 32; y++) {
        for (int x = 0; x < 32; x++) {
          int index = (x + y) % (bits > 8 ? 2 : 1 << bits);
          int color = bits == 32 ? 0xFF0000 | x : bits == 24 ? x : 0x300000 | index << 8 | index;
          int expected = x >= 16 ? 0 : 0xFF000000 | color;
          assertThat(image.getRGB(x, y)).as(bits + " bits at " + x).isEqualTo(expected);
        }
      }
    }
    BufferedImage image =
        variant(Pictures.source(folder, ICO, ico(Map.of(32, bitmap(32, 32, false)))), PNG);
    assertThat(image.getRGB(3, 3) >>> 24).isEqualTo(0x80);
    assertThat(image.getRGB(20, 3)).isEqualTo(0xFF000014);
  }

  @Test
  void whateverIsChangedInAFileThereIsAnAnswer() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] psd = psd(3, 8, 1, true, true, RED, GREEN, BLUE, ALPHA);
    byte[] ico = ico(Map.of(32, bitmap(32, 8, true)));
    for (int i = 0; i < 600; i++) {
      boolean first = random.nextBoolean();
      byte[] broken = (first ? psd : ico).clone();
      for (int k = 0; k <= random.nextInt(3); k++) {
        broken[random.nextInt(Math.min(120, broken.length))] = (byte) random.nextInt(256);
      }
      TestBudget budget = new TestBudget();
      try {
        engine.inspect(Pictures.source(folder, first ? PSD : ICO, broken), budget);
      } catch (HfsmException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
      assertThat(budget.reserved.get()).isZero();
    }
  }

  @Test
  void theCorpusMakesVariants() {
    Path root = Corpus.rootOrSkip().resolve("formats");
    for (String name : List.of("icon.psd", "test_indexed.psd", "favicon.ico")) {
      MediaType type = name.endsWith("ico") ? ICO : PSD;
      BufferedImage image = variant(new Source(type, Facts.NONE, root.resolve(name)), PNG);
      long different =
          java.util.stream.IntStream.range(0, image.getWidth() * image.getHeight())
              .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
              .distinct()
              .count();
      assertThat(different).as(name).isGreaterThan(8);
    }
  }
}

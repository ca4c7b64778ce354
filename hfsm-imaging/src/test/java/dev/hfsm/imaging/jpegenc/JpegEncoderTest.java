package dev.hfsm.imaging.jpegenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;

class JpegEncoderTest {

  private static final long SEED = 4711;

  @Test
  void anIndependentReaderSeesThePictureWhateverItsSizeSamplingQualityAndScans()
      throws IOException {
    System.out.println("JpegEncoderTest seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 150; round++) {
      int w = 1 + random.nextInt(round % 10 == 0 ? 700 : 60);
      int h = 1 + random.nextInt(60);
      Sampling sampling = Sampling.values()[random.nextInt(4)];
      int quality = 1 + random.nextInt(100);
      JpegSpec.Scans scans = JpegSpec.Scans.values()[random.nextInt(2)];
      byte[] pixels = smooth(random, w, h, sampling == Sampling.GREY ? 1 : 3);
      String what = "round %d: %d × %d %s q%d %s".formatted(round, w, h, sampling, quality, scans);
      byte[] jpeg = encode(pixels, JpegSpec.of(w, h, sampling, quality).with(scans));
      BufferedImage read = read(jpeg);
      assertThat(read.getWidth()).as(what).isEqualTo(w);
      assertThat(read.getHeight()).as(what).isEqualTo(h);
      double floor = quality >= 90 ? 36 : quality >= 60 ? 32 : quality >= 25 ? 27 : 15;
      assertThat(psnr(pixels, read)).as(what).isGreaterThan(floor);
    }
  }

  @Test
  void filesAreAsSmallAsThoseOfLibjpegWithOptimisedTables() throws IOException {
    Random random = new Random(SEED);
    for (int quality : new int[] {20, 50, 80, 90, 95}) {
      byte[] pixels = textured(random, 300, 217);
      byte[] ours = encode(pixels, JpegSpec.of(300, 217, Sampling.YCC_420, quality));
      byte[] theirs = imageIo(pixels, 300, 217, quality);
      assertThat((double) ours.length / theirs.length).as("q%d", quality).isLessThan(1.02);
      double difference = psnr(pixels, read(ours)) - psnr(pixels, read(theirs));
      assertThat(difference).as("decibels better at q%d", quality).isGreaterThan(-0.1);
    }
  }

  @Test
  void progressiveShowsTheSamePixelsInOtherBytes() throws IOException {
    byte[] pixels = textured(new Random(SEED), 203, 99);
    for (Sampling sampling : new Sampling[] {Sampling.YCC_420, Sampling.YCC_444}) {
      for (int quality : new int[] {5, 75, 100}) {
        JpegSpec spec = JpegSpec.of(203, 99, sampling, quality);
        byte[] baseline = encode(pixels, spec);
        byte[] progressive = encode(pixels, spec.with(JpegSpec.Scans.PROGRESSIVE));
        assertThat(rgb(read(progressive))).isEqualTo(rgb(read(baseline)));
        assertThat(progressive).isNotEqualTo(baseline);
      }
    }
  }

  @Test
  void theExtremesOfContrastAtTheHighestQualityFit() throws IOException {
    Random random = new Random(SEED);
    byte[] pixels = new byte[64 * 64 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (random.nextBoolean() ? 255 : 0);
    }
    for (JpegSpec.Scans scans : JpegSpec.Scans.values()) {
      byte[] jpeg = encode(pixels, JpegSpec.of(64, 64, Sampling.YCC_444, 100).with(scans));
      assertThat(psnr(pixels, read(jpeg))).isGreaterThan(35);
    }
  }

  @Test
  void samplesOutOfRangeAreClamped() throws IOException {
    JpegSpec spec = JpegSpec.of(16, 8, Sampling.GREY, 90);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JpegEncoder encoder = new JpegEncoder(spec, out, () -> {});
    float[] row = new float[16];
    java.util.Arrays.fill(row, 0, 8, -900f);
    java.util.Arrays.fill(row, 8, 16, 5000f);
    for (int y = 0; y < 8; y++) {
      encoder.row(0, row, 0);
    }
    encoder.finish();
    BufferedImage read = read(out.toByteArray());
    assertThat(read.getRaster().getSample(0, 0, 0)).isZero();
    assertThat(read.getRaster().getSample(15, 7, 0)).isEqualTo(255);
  }

  @Test
  void aPictureThatIsNotKeptWholeHasTheSamePixels() throws IOException {
    byte[] pixels = textured(new Random(SEED), 300, 217);
    JpegSpec spec = JpegSpec.of(300, 217, Sampling.YCC_420, 95);
    byte[] kept = encode(pixels, spec);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JpegEncoder encoder = new JpegEncoder(spec, out, () -> {}, 20_000);
    RgbRows rows = new RgbRows(encoder, spec);
    for (int y = 0; y < 217; y++) {
      rows.row(pixels, y * 900);
      if (y == 160) {
        assertThat(out.size()).as("written before the end").isGreaterThan(1000);
      }
    }
    encoder.finish();
    assertThat(rgb(read(out.toByteArray()))).isEqualTo(rgb(read(kept)));
    assertThat(out.size()).isLessThan(kept.length * 11 / 10);
  }

  @Test
  void planesMayComeOneAfterTheOther() throws IOException {
    JpegSpec spec = JpegSpec.of(50, 41, Sampling.YCC_420, 80);
    float[][] planes = new float[3][];
    Random random = new Random(SEED);
    for (int p = 0; p < 3; p++) {
      planes[p] = new float[Sampling.YCC_420.width(p, 50) * Sampling.YCC_420.height(p, 41)];
      for (int i = 0; i < planes[p].length; i++) {
        planes[p][i] = 100 + random.nextInt(40);
      }
    }
    byte[] together = planar(spec, planes, 1);
    assertThat(planar(spec, planes, 1000)).isEqualTo(together);
    assertThat(read(together).getHeight()).isEqualTo(41);
  }

  @Test
  void nothingButThePictureIsWrittenUnlessGiven() throws IOException {
    byte[] pixels = smooth(new Random(SEED), 20, 20, 3);
    JpegSpec spec = JpegSpec.of(20, 20, Sampling.YCC_420, 80);
    assertThat(markers(encode(pixels, spec))).isEqualTo("D8 E0 DB DB C0 C4 C4 C4 C4 DA D9");
    byte[] profile = new byte[100_000];
    new Random(SEED).nextBytes(profile);
    byte[] tiff = "MM\0*© Ada\0".getBytes(StandardCharsets.UTF_8);
    byte[] rich = encode(pixels, spec.withProfile(profile).withExif(tiff));
    assertThat(markers(rich)).isEqualTo("D8 E0 E1 E2 E2 DB DB C0 C4 C4 C4 C4 DA D9");
    String text = new String(rich, StandardCharsets.UTF_8);
    assertThat(text).contains("Exif\0\0MM\0*© Ada\0");
    assertThat(profileOf(rich)).isEqualTo(profile);
    assertThat(read(encode(pixels, spec.withExif(tiff))).getWidth()).isEqualTo(20);
  }

  @Test
  void theLongestSidesCanBeWritten() throws IOException {
    byte[] line = smooth(new Random(SEED), 65_535, 1, 1);
    // libjpeg reads no more than 65500, so for the rest the header has to do.
    BufferedImage wide = read(encode(line, JpegSpec.of(65_500, 1, Sampling.GREY, 70)));
    BufferedImage high = read(encode(line, JpegSpec.of(1, 65_500, Sampling.GREY, 70)));
    assertThat(wide.getWidth()).isEqualTo(65_500);
    assertThat(high.getHeight()).isEqualTo(65_500);
    byte[] longest = encode(line, JpegSpec.of(65_535, 1, Sampling.GREY, 70));
    String bytes = new String(longest, StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("\u00FF\u00C0\0\u000B\b\0\u0001\u00FF\u00FF\u0001");
  }

  @Test
  void refusesWhatItCannotWrite() throws IOException {
    assertThatThrownBy(() -> JpegSpec.of(65_536, 1, Sampling.GREY, 80))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> JpegSpec.of(1, 1, Sampling.GREY, 0))
        .isInstanceOf(IllegalArgumentException.class);
    JpegEncoder encoder =
        new JpegEncoder(
            JpegSpec.of(4, 4, Sampling.GREY, 80), new ByteArrayOutputStream(), () -> {});
    encoder.row(0, new byte[4], 0);
    assertThatThrownBy(encoder::finish)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found 1");
  }

  private static byte[] planar(JpegSpec spec, float[][] planes, int step) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JpegEncoder encoder = new JpegEncoder(spec, out, () -> {});
    int[] done = new int[planes.length];
    for (int limit = step; limit < 2000; limit += step) {
      for (int p = planes.length - 1; p >= 0; p--) {
        int width = spec.sampling().width(p, spec.width());
        int height = spec.sampling().height(p, spec.height());
        for (; done[p] < Math.min(height, limit); done[p]++) {
          encoder.row(p, planes[p], done[p] * width);
        }
      }
    }
    encoder.finish();
    return out.toByteArray();
  }

  private static byte[] encode(byte[] pixels, JpegSpec spec) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JpegEncoder encoder = new JpegEncoder(spec, out, () -> {});
    RgbRows rows = new RgbRows(encoder, spec);
    int length = spec.width() * spec.sampling().planes();
    for (int y = 0; y < spec.height(); y++) {
      rows.row(pixels, y * length);
    }
    encoder.finish();
    return out.toByteArray();
  }

  private static byte[] imageIo(byte[] pixels, int w, int h, int quality) throws IOException {
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < w * h; i++) {
      int r = pixels[3 * i] & 0xFF;
      int g = pixels[3 * i + 1] & 0xFF;
      image.setRGB(i % w, i / w, r << 16 | g << 8 | pixels[3 * i + 2] & 0xFF);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    JPEGImageWriteParam param = new JPEGImageWriteParam(null);
    param.setCompressionMode(JPEGImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(quality / 100f);
    param.setOptimizeHuffmanTables(true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  private static BufferedImage read(byte[] jpeg) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(jpeg));
  }

  private static int[] rgb(BufferedImage image) {
    int w = image.getWidth();
    return image.getRGB(0, 0, w, image.getHeight(), null, 0, w);
  }

  private static double psnr(byte[] pixels, BufferedImage read) {
    int channels = read.getRaster().getNumBands();
    double sum = 0;
    int at = 0;
    for (int y = 0; y < read.getHeight(); y++) {
      for (int x = 0; x < read.getWidth(); x++) {
        int argb = read.getRGB(x, y);
        for (int c = 0; c < channels; c++) {
          int sample =
              channels == 1 ? read.getRaster().getSample(x, y, 0) : argb >> 16 - 8 * c & 0xFF;
          int difference = sample - (pixels[at++] & 0xFF);
          sum += difference * difference;
        }
      }
    }
    return sum == 0 ? 99 : 10 * Math.log10(255.0 * 255 * at / sum);
  }

  /** Gentle waves, in which colour changes so slowly that halving it loses little. */
  private static byte[] smooth(Random random, int w, int h, int channels) {
    double phase = random.nextDouble() * 6;
    byte[] pixels = new byte[w * h * channels];
    for (int i = 0; i < pixels.length; i++) {
      int x = i / channels % w;
      int y = i / channels / w;
      double wave = Math.sin(x / 40.0 + phase) + Math.cos(y / 37.0 - phase + i % channels);
      pixels[i] = (byte) (128 + 50 * wave);
    }
    return pixels;
  }

  private static byte[] textured(Random random, int w, int h) {
    byte[] pixels = smooth(random, w, h, 3);
    for (int i = 0; i < w * h; i++) {
      int grain = (int) (random.nextGaussian() * (i / w > h / 2 ? 12 : 3));
      for (int c = 0; c < 3; c++) {
        int value = (pixels[3 * i + c] & 0xFF) + grain;
        pixels[3 * i + c] = (byte) Math.max(0, Math.min(255, value));
      }
    }
    return pixels;
  }

  private static String markers(byte[] jpeg) {
    StringBuilder found = new StringBuilder("D8");
    int at = 2;
    while (true) {
      int marker = jpeg[at + 1] & 0xFF;
      found.append(" %02X".formatted(marker));
      if (marker == 0xDA) {
        return found + " %02X".formatted(jpeg[jpeg.length - 1] & 0xFF);
      }
      at += 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
    }
  }

  private static byte[] profileOf(byte[] jpeg) {
    ByteArrayOutputStream profile = new ByteArrayOutputStream();
    int at = 2;
    while ((jpeg[at + 1] & 0xFF) != 0xDA) {
      int length = (jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF;
      if ((jpeg[at + 1] & 0xFF) == 0xE2) {
        profile.write(jpeg, at + 18, length - 16);
      }
      at += 2 + length;
    }
    return profile.toByteArray();
  }
}

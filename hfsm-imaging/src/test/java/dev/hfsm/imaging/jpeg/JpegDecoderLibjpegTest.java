package dev.hfsm.imaging.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The decoder against libjpeg's accurate integer decode, as the JDK wraps it. */
class JpegDecoderLibjpegTest {

  private static final long WHOLE = 4_000_000;

  @Test
  void theCorpusIsDecodedAsLibjpegDecodesIt() throws Exception {
    int compared = 0;
    for (Path file : JpegFiles.corpus("photos", "formats", "orientation")) {
      byte[] bytes = Files.readAllBytes(file);
      if (!JpegFiles.looksLikeJpeg(bytes)) {
        continue;
      }
      try {
        JpegDecoder decoder = JpegDecoder.open(JpegInput.of(bytes), 100);
        compare(decoder, bytes, file.toString());
        compared++;
      } catch (JpegException e) {
        assertThat(e.reason().unsupported()).as(file + ": " + e).isTrue();
        assertThat(file.toString()).matches(".*(arith|_ls).*");
      }
    }
    assertThat(compared).isGreaterThan(50);
  }

  @Test
  void whateverLibjpegWritesIsDecodedAsLibjpegDecodesIt() throws Exception {
    long seed = System.nanoTime();
    System.out.println("libjpeg seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 250; i++) {
      boolean grey = random.nextInt(5) == 0;
      int type = grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
      boolean thin = random.nextInt(8) == 0;
      int width = thin ? 1 + random.nextInt(5000) : 1 + random.nextInt(120);
      int height = thin ? 1 + random.nextInt(3) : 1 + random.nextInt(120);
      int across = 1 << random.nextInt(3);
      // More than ten blocks make no MCU.
      int down = across == 4 ? 1 + random.nextInt(2) : 1 << random.nextInt(3);
      int interval = random.nextBoolean() ? 0 : 1 + random.nextInt(30);
      boolean progressive = random.nextInt(3) == 0;
      float quality = random.nextInt(1, 101) / 100f;
      String what =
          "seed %d picture %d: %d × %d, %d × %d, quality %s, interval %d, progressive %s"
              .formatted(seed, i, width, height, across, down, quality, interval, progressive);
      BufferedImage image = JpegFiles.picture(random, width, height, type);
      byte[] jpeg = JpegFiles.written(image, quality, across, down, interval, progressive);
      JpegDecoder decoder = JpegDecoder.open(JpegInput.of(jpeg), 100);
      assertThat(decoder.frame().progressive()).as(what).isEqualTo(progressive);
      assertThat(decoder.frame().width()).as(what).isEqualTo(width);
      compare(decoder, jpeg, what);
      if (i % 3 == 0) {
        JpegDecoderDefinitionTest.compareTogether(decoder, random, what);
      }
    }
  }

  private static void compare(JpegDecoder decoder, byte[] bytes, String what) throws Exception {
    JpegFrame frame = decoder.frame();
    Raster reference = JpegFiles.raster(bytes);
    if ((long) frame.width() * frame.height() > WHOLE) {
      compareFirst(decoder, reference, what);
      return;
    }
    int count = frame.components().size();
    List<JpegScale> scales = Collections.nCopies(count, JpegScale.FULL);
    JpegPlanes planes = new JpegPlanes(frame, frame.everything(), scales);
    assertThat(decoder.bytesNeeded(List.of())).isPositive();
    long damage = decoder.decode(List.of(JpegOutput.of(frame, JpegScale.FULL, planes)), () -> {});
    assertThat(damage).as(what).isZero();
    byte[] pixels = JpegPixels.interleaved(frame, planes);
    byte[] expected = interleaved(reference, count);
    int[] worst = new int[count];
    for (int i = 0; i < pixels.length; i++) {
      int difference = Math.abs((pixels[i] & 0xFF) - (expected[i] & 0xFF));
      worst[i % count] = Math.max(worst[i % count], difference);
    }
    assertThat(worst[0]).as(what + " first component").isLessThanOrEqualTo(1);
    if (smoothOrWhole(frame)) {
      assertThat(Arrays.stream(worst).max().orElseThrow()).as(what).isLessThanOrEqualTo(1);
    }
    if (frame.color() == JpegColor.YCBCR && smoothOrWhole(frame)) {
      JpegPixels.toRgb(pixels);
      JpegPixels.toRgb(expected);
      for (int i = 0; i < pixels.length; i++) {
        int difference = Math.abs((pixels[i] & 0xFF) - (expected[i] & 0xFF));
        worst[i % count] = Math.max(worst[i % count], difference);
      }
      assertThat(Arrays.stream(worst).max().orElseThrow()).as(what + " RGB").isLessThanOrEqualTo(3);
    }
  }

  /** libjpeg 6b has no smooth filter for rows alone; the JDK may come with it. */
  private static boolean smoothOrWhole(JpegFrame frame) {
    return frame.components().stream()
        .noneMatch(c -> c.across() == frame.across() && 2 * c.down() == frame.down());
  }

  private static byte[] interleaved(Raster raster, int count) {
    byte[] pixels = new byte[raster.getWidth() * raster.getHeight() * count];
    int[] row = new int[raster.getWidth() * count];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int i = 0; i < row.length; i++) {
        pixels[y * row.length + i] = (byte) row[i];
      }
    }
    return pixels;
  }

  /** The first component only, as it comes, because all of it does not fit. */
  private static void compareFirst(JpegDecoder decoder, Raster reference, String what)
      throws Exception {
    int width = reference.getWidth();
    int[] row = new int[width];
    int[] worst = {0, 0};
    List<JpegScale> scales = new java.util.ArrayList<>();
    scales.add(JpegScale.FULL);
    while (scales.size() < decoder.frame().components().size()) {
      scales.add(JpegScale.NONE);
    }
    JpegSink sink =
        (plane, y, rows, samples, stride) -> {
          for (int r = 0; r < rows; r++) {
            reference.getSamples(0, y + r, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
              int found = (int) (samples[r * stride + x] + 0.5f);
              worst[0] = Math.max(worst[0], Math.abs(found - row[x]));
            }
            worst[1]++;
          }
        };
    decoder.decode(List.of(new JpegOutput(decoder.frame().everything(), scales, sink)), () -> {});
    assertThat(worst[1]).as(what + " rows").isEqualTo(reference.getHeight());
    assertThat(worst[0]).as(what).isLessThanOrEqualTo(1);
  }

  @Test
  void reducedScalesAreCloseToAveragesOfTheWhole() throws Exception {
    int compared = 0;
    double sum = 0;
    for (Path file : JpegFiles.corpus("photos")) {
      byte[] bytes = Files.readAllBytes(file);
      JpegDecoder decoder = JpegDecoder.open(JpegInput.of(bytes), 100);
      JpegFrame frame = decoder.frame();
      if ((long) frame.width() * frame.height() > WHOLE || frame.width() < 300) {
        continue;
      }
      JpegPlanes full = planes(decoder, JpegScale.FULL);
      for (JpegScale scale : List.of(JpegScale.EIGHTH, JpegScale.QUARTER, JpegScale.HALF)) {
        JpegPlanes reduced = planes(decoder, scale);
        for (int c = 0; c < frame.components().size(); c++) {
          double[] error = error(full, reduced, c, 8 / scale.samples());
          String what = file + " " + scale + " component " + c;
          // One sample is the block's average; a larger corner of the transform is sharper than
          // averages, most of all where a small picture was sharpened by its camera.
          double bound = scale == JpegScale.EIGHTH ? 0.05 : scale == JpegScale.QUARTER ? 3 : 5.5;
          assertThat(error[0]).as(what + " mean error").isLessThan(bound);
          assertThat(Math.abs(error[1])).as(what + " bias").isLessThan(0.05);
          sum += error[0];
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(100);
    assertThat(sum / compared).isLessThan(0.6);
  }

  private static JpegPlanes planes(JpegDecoder decoder, JpegScale scale) throws JpegException {
    JpegFrame frame = decoder.frame();
    List<JpegScale> scales = Collections.nCopies(frame.components().size(), scale);
    JpegPlanes planes = new JpegPlanes(frame, frame.everything(), scales);
    decoder.decode(List.of(JpegOutput.of(frame, scale, planes)), () -> {});
    return planes;
  }

  private static double[] error(JpegPlanes full, JpegPlanes reduced, int c, int factor) {
    int stride = full.plane(c).width();
    int width = stride / factor;
    int height = full.plane(c).height() / factor;
    double absolute = 0;
    double signed = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int i = 0; i < factor * factor; i++) {
          int at = (y * factor + i / factor) * stride + x * factor + i % factor;
          sum += full.samples(c)[at];
        }
        double found = reduced.samples(c)[y * reduced.plane(c).width() + x];
        double difference = found - sum / (factor * factor);
        absolute += Math.abs(difference);
        signed += difference;
      }
    }
    return new double[] {absolute / width / height, signed / width / height};
  }
}

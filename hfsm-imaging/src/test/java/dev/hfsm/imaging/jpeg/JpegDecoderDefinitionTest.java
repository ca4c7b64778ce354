package dev.hfsm.imaging.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The decoder against the definition of the format: known coefficients, transformed in double. */
class JpegDecoderDefinitionTest {

  private static final JpegScale[] SCALES = {
    JpegScale.EIGHTH, JpegScale.QUARTER, JpegScale.HALF, JpegScale.FULL
  };

  @Test
  void everyScaleOfEveryKindOfSequentialPictureIsWhatItsCoefficientsMean() throws Exception {
    long seed = System.nanoTime();
    System.out.println("definition seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 400; i++) {
      ReferenceJpeg jpeg = random(random);
      JpegDecoder decoder = JpegDecoder.open(input(random, jpeg.bytes), 100);
      for (JpegScale scale : SCALES) {
        compare(jpeg, decoder, scale, "seed " + seed + " picture " + i + " " + scale);
      }
    }
  }

  private static JpegInput input(SplittableRandom random, byte[] bytes) {
    return random.nextBoolean() ? JpegInput.of(bytes) : JpegInput.of(ByteBuffer.wrap(bytes));
  }

  private static ReferenceJpeg random(SplittableRandom random) {
    int count = List.of(1, 3, 3, 4).get(random.nextInt(4));
    int[] across = random.ints(count, 1, 5).toArray();
    int[] down = random.ints(count, 1, 5).toArray();
    int large = random.nextInt(8) == 0 ? 1500 : 70;
    int width = 1 + random.nextInt(large);
    int height = 1 + random.nextInt(large == 70 ? 70 : 20);
    int interval = random.nextBoolean() ? 0 : 1 + random.nextInt(20);
    List<List<Integer>> scans = scans(random, across, down);
    return new ReferenceJpeg(
        random, width, height, across, down, scans, interval, random.nextInt(101));
  }

  /** All components in one scan or in several, in some order; an MCU has at most ten blocks. */
  private static List<List<Integer>> scans(SplittableRandom random, int[] across, int[] down) {
    List<Integer> order = new ArrayList<>();
    for (int c = 0; c < across.length; c++) {
      order.add(random.nextInt(c + 1), c);
    }
    List<List<Integer>> scans = new ArrayList<>();
    int blocks = 0;
    for (int c : order) {
      int more = across[c] * down[c];
      if (scans.isEmpty() || blocks + more > 10 || random.nextInt(4) == 0) {
        scans.add(new ArrayList<>());
        blocks = 0;
      }
      scans.get(scans.size() - 1).add(c);
      blocks += more;
    }
    // The components of a scan stand in the order of the frame.
    scans.forEach(Collections::sort);
    return scans;
  }

  private static void compare(ReferenceJpeg jpeg, JpegDecoder decoder, JpegScale scale, String what)
      throws JpegException {
    JpegFrame frame = decoder.frame();
    assertThat(frame.width()).as(what).isEqualTo(jpeg.width);
    assertThat(frame.height()).as(what).isEqualTo(jpeg.height);
    JpegPlanes planes = planes(decoder, frame.everything(), scale);
    for (int c = 0; c < frame.components().size(); c++) {
      JpegPlane plane = planes.plane(c);
      int n = scale.samples();
      int hmax = Arrays.stream(jpeg.across).max().orElseThrow();
      int vmax = Arrays.stream(jpeg.down).max().orElseThrow();
      assertThat(plane.width())
          .as(what)
          .isEqualTo((int) Math.ceil(jpeg.width * jpeg.across[c] * n / (8.0 * hmax)));
      assertThat(plane.height())
          .as(what)
          .isEqualTo((int) Math.ceil(jpeg.height * jpeg.down[c] * n / (8.0 * vmax)));
      double worst = 0;
      for (int y = 0; y < plane.height(); y++) {
        for (int x = 0; x < plane.width(); x++) {
          double expected = jpeg.sample(c, n, x, y);
          double found = planes.samples(c)[y * plane.width() + x];
          worst = Math.max(worst, Math.abs(expected - found));
        }
      }
      assertThat(worst).as(what + " component " + c).isLessThan(0.01);
    }
  }

  private static JpegPlanes planes(JpegDecoder decoder, JpegRegion region, JpegScale scale)
      throws JpegException {
    List<JpegScale> scales = Collections.nCopies(decoder.frame().components().size(), scale);
    JpegPlanes planes = new JpegPlanes(decoder.frame(), region, scales);
    assertThat(decoder.decode(List.of(new JpegOutput(region, scales, planes)), () -> {})).isZero();
    return planes;
  }

  @Test
  void anOutputIsTheSameAloneAndTogetherAndOfARegionAndOfTheWhole() throws Exception {
    long seed = System.nanoTime();
    System.out.println("together seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 150; i++) {
      JpegDecoder decoder = JpegDecoder.open(input(random, random(random).bytes), 100);
      compareTogether(decoder, random, "seed " + seed + " picture " + i);
    }
  }

  /** Asks for several outputs at a time, and for each again alone and as part of the whole. */
  static void compareTogether(JpegDecoder decoder, SplittableRandom random, String what)
      throws JpegException {
    JpegFrame frame = decoder.frame();
    List<JpegOutput> outputs = new ArrayList<>();
    List<JpegPlanes> found = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      JpegRegion region = region(random, frame);
      List<JpegScale> scales =
          IntStream.range(0, frame.components().size())
              .mapToObj(c -> JpegScale.values()[random.nextInt(5)])
              .toList();
      JpegPlanes planes = new JpegPlanes(frame, region, scales);
      outputs.add(new JpegOutput(region, scales, planes));
      found.add(planes);
    }
    decoder.decode(outputs, () -> {});
    for (int i = 0; i < outputs.size(); i++) {
      JpegOutput output = outputs.get(i);
      JpegPlanes alone = new JpegPlanes(frame, output.region(), output.scales());
      decoder.decode(List.of(new JpegOutput(output.region(), output.scales(), alone)), () -> {});
      for (int c = 0; c < frame.components().size(); c++) {
        assertThat(found.get(i).samples(c)).as(what).containsExactly(alone.samples(c));
        if (output.scales().get(c) != JpegScale.NONE) {
          comparePart(decoder, alone, c, what);
        }
      }
    }
  }

  private static JpegRegion region(SplittableRandom random, JpegFrame frame) {
    int x = random.nextInt(frame.width());
    int y = random.nextInt(frame.height());
    return new JpegRegion(
        x, y, 1 + random.nextInt(frame.width() - x), 1 + random.nextInt(frame.height() - y));
  }

  private static void comparePart(JpegDecoder decoder, JpegPlanes part, int c, String what)
      throws JpegException {
    JpegPlane plane = part.plane(c);
    JpegPlanes whole = planes(decoder, decoder.frame().everything(), plane.scale());
    int stride = whole.plane(c).width();
    for (int y = 0; y < plane.height(); y++) {
      int at = (plane.y() + y) * stride + plane.x();
      assertThat(
              Arrays.equals(
                  part.samples(c),
                  y * plane.width(),
                  (y + 1) * plane.width(),
                  whole.samples(c),
                  at,
                  at + plane.width()))
          .as(what + " " + plane + " row " + y)
          .isTrue();
    }
  }

  @Test
  void aRegionThatLeavesThePictureIsRefused() throws Exception {
    ReferenceJpeg jpeg =
        new ReferenceJpeg(
            new SplittableRandom(1),
            9,
            20,
            new int[] {1},
            new int[] {1},
            List.of(List.of(0)),
            0,
            9);
    JpegDecoder decoder = JpegDecoder.open(JpegInput.of(jpeg.bytes), 1);
    for (JpegRegion region :
        List.of(
            new JpegRegion(0, 0, 10, 20),
            new JpegRegion(9, 0, 1, 1),
            new JpegRegion(1, 20, 1, 1),
            new JpegRegion(1, 1, Integer.MAX_VALUE, 1))) {
      JpegOutput output = new JpegOutput(region, List.of(JpegScale.FULL), (p, y, n, s, w) -> {});
      assertThatThrownBy(() -> decoder.decode(List.of(output), () -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("inside of 9 × 20 pixels");
    }
  }

  @Test
  void theDeadlineIsAskedForEachRowOfMcus() throws Exception {
    ReferenceJpeg jpeg =
        new ReferenceJpeg(
            new SplittableRandom(1),
            9,
            200,
            new int[] {1},
            new int[] {1},
            List.of(List.of(0)),
            0,
            9);
    JpegDecoder decoder = JpegDecoder.open(JpegInput.of(jpeg.bytes), 1);
    int[] asked = {0};
    JpegOutput output = JpegOutput.of(decoder.frame(), JpegScale.FULL, (p, y, n, s, w) -> {});
    decoder.decode(List.of(output), () -> asked[0]++);
    assertThat(asked[0]).isEqualTo(25);
    RuntimeException late = new IllegalStateException("late");
    assertThatThrownBy(
            () ->
                decoder.decode(
                    List.of(output),
                    () -> {
                      throw late;
                    }))
        .isSameAs(late);
  }
}

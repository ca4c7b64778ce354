package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.jpegenc.JpegEncoder;
import dev.hfsm.imaging.jpegenc.JpegSpec;
import dev.hfsm.imaging.jpegenc.RgbRows;
import dev.hfsm.imaging.jpegenc.Sampling;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Flip;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Gravity;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Variants of a JPEG that are asked for together, and the ways they take through the engine. */
class JpegBurstTest extends EngineFixture {

  private static final Format JPEG = Format.JPEG;
  private static final JpegSpec.Scans BASELINE = JpegSpec.Scans.BASELINE;
  private static final List<Sampling> SAMPLINGS = List.of(Sampling.values());

  @Test
  void variantsAskedForTogetherAreThoseAskedForAlone() throws IOException {
    long seed = System.nanoTime();
    System.out.println("burst seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 8; round++) {
      int width = 40 + random.nextInt(500);
      int height = 40 + random.nextInt(400);
      JpegSpec.Scans scans = JpegSpec.Scans.values()[round % 2];
      Source source = photo(random, width, height, SAMPLINGS.get(round % 4), scans);
      List<Transformation> wanted = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        wanted.add(recipe(random, width, height));
      }
      List<Rendition> together = engine.render(source, wanted, new TestBudget());
      TestBudget one = new TestBudget();
      wanted.forEach(recipe -> engine.render(source, List.of(recipe), one));
      TestBudget poor = new TestBudget(Limits.DEFAULT, one.mostReserved.get());
      List<Rendition> inParts = engine.render(source, wanted, poor);
      for (int i = 0; i < wanted.size(); i++) {
        byte[] alone = bytes(rendition(source, wanted.get(i)));
        String what = width + "x" + height + " " + wanted.get(i);
        assertThat(bytes(together.get(i))).as(what).isEqualTo(alone);
        assertThat(bytes(inParts.get(i))).as(what + " in parts").isEqualTo(alone);
      }
      assertThat(poor.reserved.get()).isZero();
    }
  }

  @Test
  void helpersChangeNothingButTheTimeItTakes() throws Exception {
    long seed = System.nanoTime();
    System.out.println("helpers seed " + seed);
    Random random = new Random(seed);
    List<Runnable> never = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(3);
    List<ImageTransformer> engines =
        List.of(
            ImageTransformer.builder().helpers(pool, 3).build(),
            ImageTransformer.builder().helpers(pool, 1).build(),
            ImageTransformer.builder().helpers(Runnable::run, 2).build(),
            ImageTransformer.builder().helpers(never::add, 2).build(),
            ImageTransformer.builder()
                .helpers(
                    task -> {
                      throw new RejectedExecutionException("full");
                    },
                    2)
                .build());
    try {
      for (int round = 0; round < 4; round++) {
        int width = 200 + random.nextInt(900);
        int height = 200 + random.nextInt(900);
        JpegSpec.Scans scans = JpegSpec.Scans.values()[round % 2];
        Source source = photo(random, width, height, SAMPLINGS.get(round % 4), scans);
        List<Transformation> wanted = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          wanted.add(recipe(random, width, height));
        }
        List<Rendition> alone = engine.render(source, wanted, new TestBudget());
        for (ImageTransformer helped : engines) {
          TestBudget budget = new TestBudget();
          List<Rendition> together = helped.render(source, wanted, budget);
          for (int i = 0; i < wanted.size(); i++) {
            assertThat(bytes(together.get(i)))
                .as(width + "x" + height + " " + wanted.get(i))
                .isEqualTo(bytes(alone.get(i)));
          }
          assertThat(budget.reserved.get()).isZero();
        }
      }
    } finally {
      pool.shutdown();
      assertThat(pool.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
    }
    // A helper that comes when the call is long over finds nothing to do.
    assertThat(never).isNotEmpty();
    never.forEach(Runnable::run);
  }

  @Test
  void aCallThatFailsLeavesNoHelperAtWork() throws Exception {
    Random random = new Random(4);
    Source whole = photo(random, 900, 900, Sampling.YCC_420, BASELINE);
    byte[] bytes = java.nio.file.Files.readAllBytes(whole.file());
    Source cut =
        Pictures.source(
            folder, MediaType.JPEG, java.util.Arrays.copyOf(bytes, bytes.length * 3 / 4));
    List<Transformation> wanted = List.of(PNG.width(300), PNG.width(200).format(JPEG));
    AtomicInteger running = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    ImageTransformer helped = ImageTransformer.builder().helpers(pool, 2).build();
    try {
      assertThatThrownBy(() -> helped.render(cut, wanted, new TestBudget()))
          .isInstanceOf(RejectedMediaException.class)
          .hasMessageContaining("truncated");
      for (int checks = 20; checks < 200; checks += 20) {
        TestBudget late = new TestBudget(Limits.DEFAULT, 160_000_000, checks, Long.MAX_VALUE);
        Budget watched = new WatchedBudget(late, running);
        assertThatThrownBy(() -> helped.render(whole, wanted, watched))
            .isInstanceOf(TransformationException.class)
            .hasMessageContaining("deadline");
        int afterwards = running.get();
        assertThat(late.reserved.get()).isZero();
        pool.submit(() -> {}).get();
        pool.submit(() -> {}).get();
        assertThat(running.get()).as("checks made after the call has ended").isEqualTo(afterwards);
      }
    } finally {
      pool.shutdown();
      assertThat(pool.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
    }
  }

  /** Counts how often it is asked. */
  private record WatchedBudget(TestBudget budget, AtomicInteger asked) implements Budget {
    @Override
    public Limits limits() {
      return budget.limits();
    }

    @Override
    public void check() {
      asked.incrementAndGet();
      budget.check();
    }

    @Override
    public Memory reserve(long bytes) {
      return budget.reserve(bytes);
    }

    @Override
    public long largest() {
      return budget.largest();
    }
  }

  @Test
  void whatHelpersDoIsCounted() throws IOException {
    Source source = photo(new Random(5), 700, 500, Sampling.YCC_420, BASELINE);
    List<Transformation> wanted = List.of(PNG.width(300), PNG.width(200).format(JPEG));
    CountingBudget budget = new CountingBudget(Thread.currentThread());
    // Each task is run to its end before the call goes on, so that the helper does something.
    ImageTransformer helped = ImageTransformer.builder().helpers(JpegBurstTest::join, 2).build();
    helped.render(source, wanted, budget);
    assertThat(budget.counted).as("calls of helpers that were counted").isPositive();
    assertThat(budget.uncounted).as("calls of helpers that were not").isZero();
  }

  private static void join(Runnable task) {
    Thread helper = new Thread(task, "helper");
    helper.start();
    try {
      helper.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tells apart who asks: one thread at a time. */
  private static final class CountingBudget implements Budget {
    private final TestBudget budget = new TestBudget();
    private final Thread caller;
    private boolean helping;
    private int counted;
    private int uncounted;

    CountingBudget(Thread caller) {
      this.caller = caller;
    }

    @Override
    public void help(Runnable part) {
      helping = true;
      part.run();
      helping = false;
    }

    @Override
    public void check() {
      boolean helper = !Thread.currentThread().equals(caller);
      counted += helper && helping ? 1 : 0;
      uncounted += helper && !helping ? 1 : 0;
      budget.check();
    }

    @Override
    public Limits limits() {
      return budget.limits();
    }

    @Override
    public Memory reserve(long bytes) {
      return budget.reserve(bytes);
    }

    @Override
    public long largest() {
      return budget.largest();
    }
  }

  private static Transformation recipe(Random random, int width, int height) {
    Transformation t = Transformation.image().format(random.nextInt(4) == 0 ? Format.PNG : JPEG);
    if (random.nextInt(3) == 0) {
      t =
          t.crop(
              random.nextInt(Math.min(width, height) / 2),
              random.nextInt(Math.min(width, height) / 2),
              1 + random.nextInt(width),
              1 + random.nextInt(height));
    }
    int w = 1 + random.nextInt(width);
    int h = 1 + random.nextInt(height);
    t =
        switch (random.nextInt(5)) {
          case 0 -> t.cover(w, h).gravity(Gravity.values()[random.nextInt(9)]);
          case 1 -> t.contain(w, h);
          case 2 -> t.fill(2 * w, h);
          case 3 -> t;
          default -> t.inside(w, h);
        };
    t = t.rotate(90 * random.nextInt(4));
    t = random.nextInt(4) == 0 ? t.flip(Flip.VERTICAL) : t;
    t = random.nextInt(5) == 0 ? t.sharpen(1) : t;
    return t.quality(random.nextBoolean() ? 80 : 95);
  }

  @Test
  void colourStaysWhereItBelongsHoweverThePictureIsTurned() throws IOException {
    for (Sampling sampling : List.of(Sampling.YCC_420, Sampling.YCC_422, Sampling.YCC_444)) {
      for (int orientation = 1; orientation <= 8; orientation++) {
        // Odd sizes: one column of colour has no partner, at another end for each orientation.
        BufferedImage squares =
            Pictures.image(
                147, 91, RGB, (x, y) -> (x / 21 + y / 13) % 2 == 0 ? 0xFFD02020 : 0xFF2060D0);
        byte[] jpeg = Pictures.withExif(encoded(squares, sampling, 96, BASELINE), orientation, "M");
        Source source = Pictures.source(folder, MediaType.JPEG, jpeg);
        for (int quality : new int[] {90, 98}) {
          for (int side : new int[] {147, 73, 51}) {
            Transformation recipe = PNG.inside(side, side);
            BufferedImage exact = variant(source, recipe);
            BufferedImage planar = variant(source, recipe.format(JPEG).quality(quality));
            String what = sampling + " " + orientation + " q" + quality + " " + side;
            assertThat(planar.getWidth()).as(what).isEqualTo(exact.getWidth());
            Sampling usual = Encoder.sampling(quality);
            BufferedImage viaPixels = Pictures.decoded(encoded(exact, usual, quality, BASELINE));
            double error = Pictures.difference(planar, exact);
            assertThat(error)
                .as(what)
                .isLessThan(1.15 * Pictures.difference(viaPixels, exact) + 0.5);
          }
        }
      }
    }
  }

  @Test
  void nothingFromOutsideOfACropIsSeen() throws IOException {
    BufferedImage halves =
        Pictures.image(320, 160, RGB, (x, y) -> x < 160 ? 0xFF00A000 : 0xFFFFFFFF);
    byte[] jpeg = encoded(halves, Sampling.YCC_420, 100, BASELINE);
    Source source = Pictures.source(folder, MediaType.JPEG, jpeg);
    for (int width : new int[] {160, 80, 40, 20, 10}) {
      BufferedImage left = variant(source, PNG.crop(0, 0, 160, 160).width(width));
      for (int y = 0; y < left.getHeight(); y++) {
        assertThat(left.getRGB(width - 1, y) >> 16 & 0xFF).as(width + " px").isLessThan(4);
      }
    }
  }

  @Test
  void damagedDataAreRefused() throws IOException {
    Random random = new Random(3);
    byte[] jpeg = encoded(noise(random, 200, 200), Sampling.YCC_420, 90, BASELINE);
    int refused = 0;
    for (int i = 0; i < 30; i++) {
      byte[] cut = java.util.Arrays.copyOf(jpeg, 1000 + random.nextInt(jpeg.length - 1100));
      Source source = Pictures.source(folder, MediaType.JPEG, cut);
      assertThatThrownBy(() -> rendition(source, PNG.width(50)))
          .isInstanceOf(RejectedMediaException.class)
          .hasMessageContaining("truncated");
      refused++;
    }
    assertThat(refused).isEqualTo(30);
  }

  private Source photo(
      Random random, int width, int height, Sampling sampling, JpegSpec.Scans scans)
      throws IOException {
    byte[] jpeg = encoded(noise(random, width, height), sampling, 88, scans);
    jpeg = Pictures.withExif(jpeg, 1 + random.nextInt(8), "M");
    return Pictures.source(folder, MediaType.JPEG, jpeg);
  }

  private static BufferedImage noise(Random random, int width, int height) {
    return Pictures.image(
        width,
        height,
        RGB,
        (x, y) ->
            (x * 255 / width) << 16 | (y * 255 / height) << 8 | random.nextInt(64) + (x ^ y) % 150);
  }

  private static byte[] encoded(
      BufferedImage image, Sampling sampling, int quality, JpegSpec.Scans scans)
      throws IOException {
    JpegSpec spec = JpegSpec.of(image.getWidth(), image.getHeight(), sampling, quality).with(scans);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JpegEncoder encoder = new JpegEncoder(spec, out, () -> {});
    RgbRows rows = new RgbRows(encoder, spec);
    int channels = sampling == Sampling.GREY ? 1 : 3;
    byte[] row = new byte[image.getWidth() * channels];
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        for (int c = 0; c < channels; c++) {
          row[x * channels + c] = (byte) (rgb >> 16 - 8 * c);
        }
      }
      rows.row(row, 0);
    }
    encoder.finish();
    return out.toByteArray();
  }
}

package dev.hfsm.imaging.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResamplerTest {

  private static final long SEED = 20261123;

  @Test
  void agreesWithAPlainDoublePrecisionLanczosForAnySizesAndParts() throws IOException {
    System.out.println("ResamplerTest seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 120; round++) {
      int channels = 1 + random.nextInt(4);
      int w = 1 + random.nextInt(90);
      int h = 1 + random.nextInt(round % 7 == 0 ? 400 : 90);
      double x0 = random.nextDouble() * w / 2;
      double y0 = random.nextDouble() * h / 2;
      Axis across = Axis.part(w, x0, (w - x0) * random.nextDouble() + 0.1, 1 + random.nextInt(60));
      Axis down = Axis.part(h, y0, (h - y0) * random.nextDouble() + 0.1, 1 + random.nextInt(60));
      float[] source = noise(random, w * h * channels);
      float[] result = resize(channels, source, across, down, Filter.LANCZOS3);
      double[] expected = reference(channels, source, across, down);
      double sum = 0;
      for (int i = 0; i < result.length; i++) {
        double error = Math.abs(result[i] - expected[i]);
        assertThat(error).as("round %d: %s %s", round, across, down).isLessThan(1.2);
        sum += error;
      }
      assertThat(sum / result.length).as("mean error of round %d", round).isLessThan(0.25);
    }
  }

  @ParameterizedTest
  @EnumSource(Filter.class)
  void keepsAnEvenSurfaceEvenToTheEdgesAndHasTheSizeAskedFor(Filter filter) throws IOException {
    for (int[] size : new int[][] {{1, 1}, {7, 3}, {64, 40}, {5, 500}}) {
      for (int[] to : new int[][] {{1, 1}, {3, 9}, {200, 2}, {63, 41}}) {
        float[] even = new float[size[0] * size[1]];
        java.util.Arrays.fill(even, 200f);
        Axis across = Axis.whole(size[0], to[0]);
        float[] result = resize(1, even, across, Axis.whole(size[1], to[1]), filter);
        for (float sample : result) {
          assertThat(sample).isCloseTo(200f, within(0.001f));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Filter.class,
      names = {"LANCZOS3", "CATMULL_ROM", "TRIANGLE", "BOX", "NEAREST"})
  void changesNothingAtTheSameSize(Filter filter) throws IOException {
    float[] source = noise(new Random(SEED), 31 * 17);
    float[] same = resize(1, source, Axis.whole(31, 31), Axis.whole(17, 17), filter);
    assertThat(same).containsExactly(source);
  }

  @ParameterizedTest
  @EnumSource(
      value = Filter.class,
      names = {"LANCZOS3", "MITCHELL", "CATMULL_ROM", "TRIANGLE", "BOX"})
  void keepsARampInPlaceWhateverTheRatio(Filter filter) throws IOException {
    int n = 400;
    float[] ramp = new float[n];
    for (int i = 0; i < n; i++) {
      ramp[i] = (i + 0.5f) / n * 250;
    }
    for (int to : new int[] {13, 50, 123, 399}) {
      float[] result = resize(1, ramp, Axis.whole(n, to), Axis.whole(1, 1), filter);
      for (int o = to / 3; o < to - to / 3; o++) {
        assertThat(result[o]).isCloseTo((o + 0.5f) / to * 250, within(0.35f));
      }
    }
  }

  @Test
  void keepsSubsampledColourInRegisterWithBrightness() throws IOException {
    int n = 201;
    float[] half = new float[101];
    for (int i = 0; i < half.length; i++) {
      half[i] = 2 * i + 1; // centred between the columns 2i and 2i + 1
    }
    Axis brightness = Axis.part(n, 20.25, 150, 60);
    Axis color = brightness.halved().onPlane(half.length, 0.5, 0);
    float[] result = resize(1, half, color, Axis.whole(1, 1), Filter.TRIANGLE);
    assertThat(result).hasSize(30);
    for (int o = 0; o < 30; o++) {
      assertThat(result[o]).isCloseTo((float) (20.25 + (o + 0.5) * 5), within(0.05f));
    }
  }

  @Test
  void siteOfColourMovesIt() throws IOException {
    float[] half = new float[50];
    for (int i = 0; i < half.length; i++) {
      half[i] = 2 * i + 0.5f; // sited on the even columns
    }
    Axis color = Axis.whole(100, 100).onPlane(50, 0.5, -0.5);
    float[] result = resize(1, half, color, Axis.whole(1, 1), Filter.TRIANGLE);
    for (int x = 10; x < 90; x++) {
      assertThat(result[x]).isCloseTo(x + 0.5f, within(0.01f));
    }
  }

  @Test
  void aWindowIsAPartOfTheWhole() throws IOException {
    float[] source = noise(new Random(SEED), 80 * 60);
    Axis across = Axis.whole(80, 37);
    Axis down = Axis.whole(60, 29);
    float[] whole = resize(1, source, across, down, Filter.LANCZOS3);
    float[] part = resize(1, source, across.window(5, 20), down.window(7, 11), Filter.LANCZOS3);
    for (int y = 0; y < 11; y++) {
      for (int x = 0; x < 20; x++) {
        assertThat(part[y * 20 + x]).isCloseTo(whole[(y + 7) * 37 + x + 5], within(0.01f));
      }
    }
  }

  @Test
  void hiddenColourDoesNotBleed() throws IOException {
    byte[] pixels = new byte[40 * 4];
    for (int x = 0; x < 40; x++) {
      pixels[4 * x + (x < 20 ? 0 : 1)] = -1;
      pixels[4 * x + 3] = (byte) (x < 20 ? 255 : 0); // red, then invisible green
    }
    float[] row = new float[160];
    Samples.premultiply(pixels, 0, 4, row, 40);
    float[] result = resize(4, row, Axis.whole(40, 13), Axis.whole(1, 1), Filter.LANCZOS3);
    byte[] out = new byte[13 * 4];
    Samples.unmultiply(result, 4, out, 0, 13);
    for (int x = 0; x < 13; x++) {
      assertThat(out[4 * x + 1]).as("green of pixel %d", x).isZero();
      int alpha = out[4 * x + 3] & 0xFF;
      assertThat(out[4 * x] & 0xFF).isEqualTo(alpha == 0 ? 0 : 255);
    }
  }

  @Test
  void bytesGoThroughFloatsAndBack() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    float[] wide = new float[256];
    byte[] back = new byte[256];
    Samples.widen(all, 0, wide, 256);
    Samples.narrow(wide, back, 0, 256);
    assertThat(back).containsExactly(all);
    Samples.narrow(new float[] {-7, 300, 1.49f, 1.5f}, back, 0, 4);
    assertThat(back).startsWith(0, -1, 1, 2);
  }

  @Test
  void holdsNoMoreThanItSays() {
    // Each in turn: keeps rows, keeps sums, enlarges.
    for (int to : new int[] {1900, 40, 5000}) {
      Axis axis = Axis.whole(2000, to);
      long told = Resampler.bytes(1, axis, axis, Filter.LANCZOS3);
      Resampler made = discarding(axis); // the first of its kind also loads classes
      long before = allocated();
      made = discarding(axis);
      long taken = allocated() - before;
      assertThat(made.endRow()).isEqualTo(2000);
      assertThat(taken).isLessThanOrEqualTo(told + 20_000);
      assertThat(told).isLessThan(2 * taken + 200_000);
    }
  }

  @Test
  void asksWhetherThereIsTimeLeftAndStopsWhenThereIsNot() {
    AtomicInteger asked = new AtomicInteger();
    Axis axis = Axis.whole(200, 100);
    Resampler resampler =
        new Resampler(
            1,
            axis,
            axis,
            Filter.LANCZOS3,
            (y, row) -> {},
            () -> {
              if (asked.incrementAndGet() == 3) {
                throw new CancellationException();
              }
            });
    assertThatThrownBy(
            () -> {
              for (int y = 0; y < 200; y++) {
                resampler.row(new float[200], 0);
              }
            })
        .isInstanceOf(CancellationException.class);
    assertThat(asked).hasValue(3);
  }

  private static Resampler discarding(Axis axis) {
    return new Resampler(1, axis, axis, Filter.LANCZOS3, (y, row) -> {}, () -> {});
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static float[] noise(Random random, int n) {
    float[] noise = new float[n];
    for (int i = 0; i < n; i++) {
      noise[i] = random.nextInt(256);
    }
    return noise;
  }

  private static float[] resize(int channels, float[] source, Axis across, Axis down, Filter filter)
      throws IOException {
    int row = across.count() * channels;
    float[] result = new float[row * down.count()];
    AtomicInteger next = new AtomicInteger();
    Resampler resampler =
        new Resampler(
            channels,
            across,
            down,
            filter,
            (y, samples) -> {
              assertThat(y).isEqualTo(next.getAndIncrement());
              System.arraycopy(samples, 0, result, y * row, row);
            },
            () -> {});
    for (int y = 0; y < down.available(); y++) {
      resampler.row(source, y * across.available() * channels);
    }
    assertThat(next).hasValue(down.count());
    return result;
  }

  private static double[] reference(int channels, float[] source, Axis across, Axis down) {
    double[] result = new double[across.count() * down.count() * channels];
    for (int y = 0; y < down.count(); y++) {
      double[] wy = weights(down, y);
      for (int x = 0; x < across.count(); x++) {
        double[] wx = weights(across, x);
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int j = 0; j < wy.length; j++) {
            for (int i = 0; i < wx.length; i++) {
              sum += wy[j] * wx[i] * source[(j * wx.length + i) * channels + c];
            }
          }
          result[(y * across.count() + x) * channels + c] = sum;
        }
      }
    }
    return result;
  }

  private static double[] weights(Axis axis, int output) {
    double[] weights = new double[axis.available()];
    double center = axis.start() + (output + 0.5) * axis.step();
    double spread = Math.max(1, axis.step());
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double x = Math.PI * Math.abs(i + 0.5 - center) / spread;
      weights[i] =
          x < 1e-9 ? 1 : x >= 3 * Math.PI ? 0 : 3 * Math.sin(x) * Math.sin(x / 3) / (x * x);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }
}

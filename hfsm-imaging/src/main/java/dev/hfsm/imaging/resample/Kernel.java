package dev.hfsm.imaging.resample;

import java.util.Arrays;

/**
 * Which source samples make each output sample of an axis, and with what weight. The weights of an
 * output add up to 1; those that would lie outside of the source are left out.
 */
final class Kernel {

  /** Weights below this, where the peak is about 1, change nothing and are left out at the ends. */
  private static final double NEGLIGIBLE = 0.0007;

  final int count;

  /** The first source sample of each output. */
  final int[] first;

  /** How many samples each output takes. */
  final int[] used;

  /** The largest of {@link #used}, rounded up to the multiple asked for. */
  final int taps;

  /** From the weights of one output to those of the next. */
  final int stride;

  final float[] weights;

  private Kernel(int count, int[] first, int[] used, int multiple, int stride, float[] weights) {
    this.count = count;
    this.first = first;
    this.used = used;
    this.taps = roundUp(Arrays.stream(used).max().orElse(1), multiple);
    this.stride = stride;
    this.weights = weights;
  }

  /**
   * @param multiple what the number of taps is rounded up to, with weights of zero, unless one is
   *     enough
   */
  static Kernel of(Axis axis, Filter filter, int multiple) {
    int most = mostTaps(axis, filter);
    int stride = roundUp(most, multiple);
    float[] weights = new float[Math.multiplyExact(stride, axis.count())];
    int[] first = new int[axis.count()];
    int[] used = new int[axis.count()];
    double[] values = new double[most];
    for (int o = 0; o < axis.count(); o++) {
      double center = axis.start() + (o + 0.5) * axis.step();
      center = Math.max(0, Math.min(axis.available(), center));
      int from = sample(axis, filter, center, values);
      int to = to(axis, filter, center, from);
      int lo = 0;
      int hi = to - from;
      while (hi - lo > 1 && Math.abs(values[lo]) < NEGLIGIBLE) {
        lo++;
      }
      while (hi - lo > 1 && Math.abs(values[hi - 1]) < NEGLIGIBLE) {
        hi--;
      }
      double sum = 0;
      for (int i = lo; i < hi; i++) {
        sum += values[i];
      }
      first[o] = from + lo;
      used[o] = hi - lo;
      for (int i = lo; i < hi; i++) {
        weights[o * stride + i - lo] = (float) (values[i] / sum);
      }
    }
    return new Kernel(axis.count(), first, used, multiple, stride, weights);
  }

  /** Fills in the weights of the samples around a centre, and says which one is the first. */
  private static int sample(Axis axis, Filter filter, double center, double[] values) {
    int from = from(axis, filter, center);
    int to = to(axis, filter, center, from);
    double reach = reach(axis, filter);
    double spread = Math.max(1, axis.step());
    for (int i = from; i < to; i++) {
      values[i - from] =
          switch (filter) {
            case NEAREST -> 1;
            case BOX -> Math.max(0, Math.min(i + 1, center + reach) - Math.max(i, center - reach));
            default -> filter.at((i + 0.5 - center) / spread);
          };
    }
    return from;
  }

  private static int from(Axis axis, Filter filter, double center) {
    double from =
        filter == Filter.NEAREST || filter == Filter.BOX
            ? Math.floor(center - reach(axis, filter))
            : Math.ceil(center - reach(axis, filter) - 0.5);
    return (int) Math.max(0, Math.min(axis.available() - 1, from));
  }

  private static int to(Axis axis, Filter filter, double center, int from) {
    double last =
        switch (filter) {
          case NEAREST -> from;
          case BOX -> Math.ceil(center + reach(axis, filter)) - 1;
          default -> Math.floor(center + reach(axis, filter) - 0.5);
        };
    return (int) Math.max(from, Math.min(axis.available() - 1, last)) + 1;
  }

  private static double reach(Axis axis, Filter filter) {
    return filter.radius * (filter == Filter.BOX ? axis.step() : Math.max(1, axis.step()));
  }

  private static int mostTaps(Axis axis, Filter filter) {
    return (int) Math.min(axis.available(), Math.floor(2 * reach(axis, filter)) + 2);
  }

  /** Bytes that {@link #of} takes, at most. */
  static long bytes(Axis axis, Filter filter, int multiple) {
    long most = mostTaps(axis, filter);
    return 4L * roundUp((int) most, multiple) * axis.count() + 8L * axis.count() + 8 * most + 256;
  }

  /** At most how many taps {@link #of} will find, rounded up. */
  static int mostTaps(Axis axis, Filter filter, int multiple) {
    return roundUp(mostTaps(axis, filter), multiple);
  }

  private static int roundUp(int taps, int multiple) {
    return taps == 1 ? 1 : (taps + multiple - 1) / multiple * multiple;
  }

  /** The first source sample that any output takes. */
  int begin() {
    return Arrays.stream(first).min().orElse(0);
  }

  /** One past the last source sample that any output takes. */
  int end() {
    int end = 0;
    for (int o = 0; o < count; o++) {
      end = Math.max(end, last(o) + 1);
    }
    return end;
  }

  /** The last source sample of an output. */
  int last(int output) {
    return first[output] + used[output] - 1;
  }

  /**
   * The same weights for rows of {@code length} samples that start with source sample {@code
   * begin}, moved so that all {@link #taps} of every output, those of weight zero too, lie inside
   * of a row of at least that many samples.
   */
  Kernel within(int begin, int length) {
    int[] moved = new int[count];
    for (int o = 0; o < count; o++) {
      int wanted = first[o] - begin;
      moved[o] = Math.max(0, Math.min(wanted, length - taps));
      int shift = wanted - moved[o];
      if (shift > 0) {
        int at = o * stride;
        System.arraycopy(weights, at, weights, at + shift, used[o]);
        Arrays.fill(weights, at, at + shift, 0f);
      }
    }
    return new Kernel(count, moved, used, taps, stride, weights);
  }
}

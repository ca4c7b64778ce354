package dev.hfsm.imaging;

/**
 * Which input samples make each output sample of one direction, and with what weight. The weights
 * of an output add up to 1; at an edge those that would lie outside are left out.
 */
final class Weights {

  final int count;
  final int[] first;
  final int[] start;
  final float[] values;
  private final int last;

  private Weights(int count, int[] first, int[] start, float[] values) {
    this.count = count;
    this.first = first;
    this.start = start;
    this.values = values;
    int end = 0;
    for (int o = 0; o < count; o++) {
      end = Math.max(end, first[o] + start[o + 1] - start[o]);
    }
    this.last = end;
  }

  /** Lanczos with three lobes; when reducing, widened so that every input sample counts. */
  static Weights lanczos(Geometry.Axis axis) {
    double step = axis.from() / (double) axis.to();
    double spread = Math.max(1, step);
    double[] kernel = new double[(int) Math.min(Integer.MAX_VALUE - 8, 6 * spread + 3)];
    int[] first = new int[axis.count()];
    int[] start = new int[axis.count() + 1];
    Floats values = new Floats((int) Math.min(1 << 26, (6 * spread + 1) * axis.count()));
    for (int o = 0; o < axis.count(); o++) {
      double center = (axis.offset() + o + 0.5) * step - 0.5;
      int from = (int) Math.max(0, Math.ceil(center - 3 * spread));
      int to = (int) Math.min(axis.from() - 1L, Math.floor(center + 3 * spread));
      for (int i = from; i <= to; i++) {
        kernel[i - from] = sinc3((i - center) / spread);
      }
      first[o] = from + append(values, kernel, to - from + 1);
      start[o + 1] = values.size;
    }
    return new Weights(axis.count(), first, start, values.toArray());
  }

  /** A Gaussian of that standard deviation, cut at three of them; as many samples as before. */
  static Weights gaussian(int length, double sigma) {
    int radius = (int) Math.ceil(3 * sigma);
    double[] kernel = new double[2 * radius + 1];
    int[] first = new int[length];
    int[] start = new int[length + 1];
    Floats values = new Floats(1024);
    for (int o = 0; o < length; o++) {
      int from = Math.max(0, o - radius);
      int to = Math.min(length - 1, o + radius);
      for (int i = from; i <= to; i++) {
        double x = (i - o) / sigma;
        kernel[i - from] = Math.exp(-x * x / 2);
      }
      first[o] = from + append(values, kernel, to - from + 1);
      start[o + 1] = values.size;
    }
    return new Weights(length, first, start, values.toArray());
  }

  /** Bytes that {@link #lanczos} takes, at most. */
  static long bytes(Geometry.Axis axis) {
    double spread = Math.max(1, axis.from() / (double) axis.to());
    return (long) ((6 * spread + 3) * (8 + 8.0 * axis.count())) + 8L * axis.count();
  }

  /** One past the last input sample that is needed. */
  int end() {
    return last;
  }

  /** The first input sample that is needed. */
  int begin() {
    int begin = Integer.MAX_VALUE;
    for (int f : first) {
      begin = Math.min(begin, f);
    }
    return begin;
  }

  int taps(int output) {
    return start[output + 1] - start[output];
  }

  int maxTaps() {
    int most = 0;
    for (int o = 0; o < count; o++) {
      most = Math.max(most, taps(o));
    }
    return most;
  }

  /** The most outputs that one input sample has a part in, and those between them. */
  int maxOpen() {
    int most = 1;
    int oldest = 0;
    for (int o = 0; o < count; o++) {
      while (first[oldest] + taps(oldest) <= first[o]) {
        oldest++;
      }
      most = Math.max(most, o - oldest + 1);
    }
    return most;
  }

  /** Appends the kernel scaled to a sum of 1, without zeros at its ends; says how many came off. */
  private static int append(Floats values, double[] kernel, int length) {
    int from = 0;
    int to = length;
    while (to - from > 1 && Math.abs(kernel[from]) < 1e-7) {
      from++;
    }
    while (to - from > 1 && Math.abs(kernel[to - 1]) < 1e-7) {
      to--;
    }
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += kernel[i];
    }
    for (int i = from; i < to; i++) {
      values.add((float) (kernel[i] / sum));
    }
    return from;
  }

  private static double sinc3(double x) {
    if (Math.abs(x) < 1e-9) {
      return 1;
    }
    if (Math.abs(x) >= 3) {
      return 0;
    }
    double px = Math.PI * x;
    return 3 * Math.sin(px) * Math.sin(px / 3) / (px * px);
  }

  private static final class Floats {
    private float[] array;
    private int size;

    Floats(int capacity) {
      array = new float[Math.max(16, capacity)];
    }

    void add(float value) {
      if (size == array.length) {
        array = java.util.Arrays.copyOf(array, size + (size >> 1));
      }
      array[size++] = value;
    }

    float[] toArray() {
      return array;
    }
  }
}

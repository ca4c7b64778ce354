package dev.hfsm.imaging.jpegenc;

/**
 * The forward transform of Arai, Agui and Nakajima, "A fast DCT-SQ scheme for images", 1988, on a
 * row of blocks at once. The scale factors that this scheme leaves over are part of the division by
 * the quantisation table.
 */
final class Fdct {

  static final int LANES = 64;

  /** Floats that a strip of {@link #LANES} blocks takes. */
  static final int STRIP = 64 * LANES;

  /** cos(k * pi / 16) * sqrt(2) for k > 0. */
  private static final double[] SCALE = {
    1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.541196100, 0.275899379
  };

  /** Adding and taking away 1.5 * 2^23 leaves a float of modest size rounded to a whole number. */
  private static final float ROUND = 12_582_912f;

  private Fdct() {}

  /** What transformed values are multiplied by to quantise them. */
  static float[] reciprocals(int[] table) {
    float[] factors = new float[64];
    for (int i = 0; i < 64; i++) {
      factors[i] = (float) (1 / (table[i] * SCALE[i >> 3] * SCALE[i & 7] * 8));
    }
    return factors;
  }

  /** In which array {@link #pass} leaves each of its results. */
  private static final int[] AFTER = {0, 7, 2, 4, 1, 5, 3, 6};

  /**
   * Samples of nominally 0 to 255 are clamped and transformed, and become whole numbers: the
   * quantised coefficients. Loops go over few arrays with the same index, because only those become
   * vector code.
   *
   * @param samples eight rows of {@code blocks} blocks of eight; overwritten
   * @param work of the same size; overwritten
   * @param blocks a multiple of {@link #LANES}
   * @param coefficients takes strips of {@link #LANES} blocks each, one after another, in which
   *     coefficient {@code k}, in zigzag order, of block {@code b} is number {@code k * LANES + b}
   */
  static void quantised(
      float[][] samples, float[][] work, int blocks, float[] coefficients, float[] reciprocals) {
    int n = 8 * blocks;
    for (float[] row : samples) {
      centre(row, n);
    }
    pass(samples, work[0], n);
    for (int v = 0; v < 8; v++) {
      part(samples[AFTER[v]], work, v * blocks, blocks);
    }
    pass(work, samples[0], n);
    for (int k = 0; k < 64; k++) {
      int u = Quantization.ZIGZAG[k] & 7;
      int v = Quantization.ZIGZAG[k] >> 3;
      float[] column = work[AFTER[u]];
      round(column, v * blocks, (v + 1) * blocks, reciprocals[8 * v + u]);
      for (int b = 0; b < blocks; b += LANES) {
        System.arraycopy(column, v * blocks + b, coefficients, b * 64 + k * LANES, LANES);
      }
    }
  }

  /** Clamps to 0 to 255 without a branch, and takes 128 away. */
  private static void centre(float[] d, int n) {
    for (int i = 0; i < n; i++) {
      d[i] = (Math.abs(d[i]) - Math.abs(d[i] - 255)) * 0.5f - 0.5f;
    }
  }

  private static void round(float[] d, int from, int to, float factor) {
    for (int i = from; i < to; i++) {
      d[i] = d[i] * factor + ROUND - ROUND;
    }
  }

  /** Takes the eight columns of a row of blocks apart. */
  private static void part(float[] row, float[][] columns, int at, int blocks) {
    float[] c0 = columns[0];
    float[] c1 = columns[1];
    float[] c2 = columns[2];
    float[] c3 = columns[3];
    float[] c4 = columns[4];
    float[] c5 = columns[5];
    float[] c6 = columns[6];
    float[] c7 = columns[7];
    for (int i = at, p = 0; i < at + blocks; i++, p += 8) {
      c0[i] = row[p];
      c1[i] = row[p + 1];
      c2[i] = row[p + 2];
      c3[i] = row[p + 3];
      c4[i] = row[p + 4];
      c5[i] = row[p + 5];
      c6[i] = row[p + 6];
      c7[i] = row[p + 7];
    }
  }

  /** One direction: number {@code i} of eight arrays belongs together. */
  private static void pass(float[][] d, float[] spare, int n) {
    float[] d0 = d[0];
    float[] d1 = d[1];
    float[] d2 = d[2];
    float[] d3 = d[3];
    float[] d4 = d[4];
    float[] d5 = d[5];
    float[] d6 = d[6];
    float[] d7 = d[7];
    sums(d0, d7, n);
    sums(d1, d6, n);
    sums(d2, d5, n);
    sums(d3, d4, n);
    sums(d0, d3, n);
    sums(d1, d2, n);
    sums(d0, d1, n);
    even(d2, d3, n);
    add(d4, d5, n);
    add(d5, d6, n);
    add(d6, d7, n);
    difference(d4, d6, spare, n);
    scaled(d4, 0.541196100f, spare, n);
    scaled(d6, 1.306562965f, spare, n);
    odd(d5, d7, n);
    sums(d5, d4, n);
    sums(d7, d6, n);
  }

  private static void sums(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      float x = a[i];
      float y = b[i];
      a[i] = x + y;
      b[i] = x - y;
    }
  }

  private static void add(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      a[i] += b[i];
    }
  }

  private static void even(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      float y = b[i];
      float z = (a[i] + y) * 0.707106781f;
      a[i] = y + z;
      b[i] = y - z;
    }
  }

  private static void odd(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      float z = a[i] * 0.707106781f;
      float y = b[i];
      a[i] = y - z;
      b[i] = y + z;
    }
  }

  private static void difference(float[] a, float[] b, float[] into, int n) {
    for (int i = 0; i < n; i++) {
      into[i] = (a[i] - b[i]) * 0.382683433f;
    }
  }

  private static void scaled(float[] a, float by, float[] more, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = by * a[i] + more[i];
    }
  }
}

package dev.hfsm.imaging.jpeg;

import java.util.Arrays;

/**
 * Inverse transforms of the low-frequency corner of a block, with the level shift, in plain float
 * arithmetic that is the same everywhere, of many blocks at once so that the compiler makes vector
 * code of the loops. Full size is the algorithm of Arai, Agui and Nakajima as in libjpeg's
 * jidctflt; the others are orthonormal transforms of that size, so that a corner of N × N
 * coefficients gives N × N samples.
 */
final class Idct {

  private static final int[] ZIGZAG = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  /** cos(k π / 16) √2, and 1 for k = 0. */
  private static final double[] AAN = {
    1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.541196100, 0.275899379
  };

  /** The coefficients of the corner of 4 × 4; bit k is coefficient k in zigzag order. */
  static final long FOUR = corner(4);

  /** The coefficients of the corner of 2 × 2. */
  static final long TWO = corner(2);

  private static final float C1 = 0.6532815f;
  private static final float C3 = 0.27059805f;

  /** Blocks that are transformed together. */
  static final int LANES = 64;

  private Idct() {}

  private static long corner(int samples) {
    long corner = 0;
    for (int k = 0; k < 64; k++) {
      if ((ZIGZAG[k] & 7) < samples && ZIGZAG[k] >> 3 < samples) {
        corner |= 1L << k;
      }
    }
    return corner;
  }

  /** What to multiply the coefficients of a strip with for {@link #transform}. */
  static float[][] factors(int samples, int[] table) {
    float[][] factors = new float[samples][samples * LANES];
    for (int k = 0; k < 64; k++) {
      int u = ZIGZAG[k] & 7;
      int v = ZIGZAG[k] >> 3;
      if (u < samples && v < samples) {
        double scale = samples == 4 ? 0.5 : 0.125;
        if (samples == 8) {
          scale *= AAN[v] * AAN[u];
        }
        Arrays.fill(factors[v], u * LANES, (u + 1) * LANES, (float) (table[k] * scale));
      }
    }
    return factors;
  }

  /**
   * Puts the coefficients of a block into a strip, in which the coefficient of column {@code u} and
   * row {@code v} of block {@code b} is number {@code u * LANES + b} of array {@code v}.
   *
   * @param side of the corner that is wanted: 1, 2, 4 or 8; a strip for 8 has to be zero before
   * @param co in zigzag order
   * @param end those from here on are zero or not needed; those before are correct
   */
  static void collect(int side, int[] co, int end, float[][] strip, int lane) {
    switch (side) {
      case 1 -> strip[0][lane] = co[0];
      case 2 -> {
        strip[0][lane] = co[0];
        strip[0][lane + LANES] = co[1];
        strip[1][lane] = co[2];
        strip[1][lane + LANES] = co[4];
      }
      case 4 -> {
        collect(strip[0], lane, co[0], co[1], co[5], co[6]);
        collect(strip[1], lane, co[2], co[4], co[7], co[13]);
        collect(strip[2], lane, co[3], co[8], co[12], co[17]);
        collect(strip[3], lane, co[9], co[11], co[18], co[24]);
      }
      default -> {
        for (int k = 0; k < end; k++) {
          strip[ZIGZAG[k] >> 3][(ZIGZAG[k] & 7) * LANES + lane] = co[k];
        }
      }
    }
  }

  private static void collect(float[] row, int lane, int c0, int c1, int c2, int c3) {
    row[lane] = c0;
    row[lane + LANES] = c1;
    row[lane + 2 * LANES] = c2;
    row[lane + 3 * LANES] = c3;
  }

  /** Arrays for {@link #transform}. */
  static float[][] work(int samples) {
    return new float[samples == 8 ? 16 : samples == 4 ? 5 : 0][samples * LANES];
  }

  /**
   * Writes the samples of some blocks of a strip side by side, which may lie somewhat outside of 0
   * to 255. Loops go over few arrays with the same index, because only those become vector code.
   *
   * @param samples 1, 2, 4 or 8, at most as many as the side of the corner in the strip
   * @param work of {@link #work}
   * @param from the first block
   * @param to one past the last
   */
  static void transform(
      int samples,
      float[][] strip,
      float[][] factors,
      float[][] work,
      int from,
      int to,
      float[] out,
      int at,
      int stride) {
    switch (samples) {
      case 1 -> one(strip[0], factors[0][0], from, to, out, at);
      case 2 -> two(strip, factors, from, to, out, at, stride);
      case 4 -> four(strip, factors, work, from, to, out, at, stride);
      default -> eight(strip, factors, work, from, to, out, at, stride);
    }
  }

  private static void one(float[] strip, float factor, int from, int to, float[] out, int at) {
    int o = at - from;
    for (int b = from; b < to; b++) {
      out[o + b] = strip[b] * factor + 128;
    }
  }

  private static void two(
      float[][] strip, float[][] q, int from, int to, float[] out, int at, int stride) {
    float[] top = strip[0];
    float[] bottom = strip[1];
    float q0 = q[0][0];
    float q1 = q[0][LANES];
    float q2 = q[1][0];
    float q3 = q[1][LANES];
    int o = at;
    for (int b = from; b < to; b++, o += 2) {
      float a = top[b] * q0 + 128;
      float across = top[b + LANES] * q1;
      float down = bottom[b] * q2;
      float both = bottom[b + LANES] * q3;
      float left = a + across;
      float right = a - across;
      float leftDown = down + both;
      float rightDown = down - both;
      out[o] = left + leftDown;
      out[o + 1] = right + rightDown;
      out[o + stride] = left - leftDown;
      out[o + stride + 1] = right - rightDown;
    }
  }

  private static void four(
      float[][] strip,
      float[][] factors,
      float[][] w,
      int from,
      int to,
      float[] out,
      int at,
      int stride) {
    int n = 4 * LANES;
    for (int v = 0; v < 4; v++) {
      multiply(strip[v], factors[v], w[v], n);
    }
    raise(w[0], 512);
    halfSums(w[0], w[2], n);
    turned(w[1], w[3], w[4], n);
    turn(w[1], w[3], n);
    sums(w[0], w[4], n);
    sums(w[2], w[3], n);
    rowsOfFour(w[0], from, to, out, at);
    rowsOfFour(w[2], from, to, out, at + stride);
    rowsOfFour(w[3], from, to, out, at + 2 * stride);
    rowsOfFour(w[4], from, to, out, at + 3 * stride);
  }

  private static void rowsOfFour(float[] w, int from, int to, float[] out, int at) {
    int o = at;
    for (int b = from; b < to; b++, o += 4) {
      float f0 = w[b];
      float f1 = w[b + LANES];
      float f2 = w[b + 2 * LANES];
      float f3 = w[b + 3 * LANES];
      float s = 0.5f * (f0 + f2);
      float t = 0.5f * (f0 - f2);
      float x = C1 * f1 + C3 * f3;
      float y = C3 * f1 - C1 * f3;
      out[o] = s + x;
      out[o + 1] = t + y;
      out[o + 2] = t - y;
      out[o + 3] = s - x;
    }
  }

  private static void eight(
      float[][] strip,
      float[][] factors,
      float[][] w,
      int from,
      int to,
      float[] out,
      int at,
      int stride) {
    int n = 8 * LANES;
    for (int v = 0; v < 8; v++) {
      multiply(strip[v], factors[v], w[v], n);
    }
    raise(w[0], 128);
    pass(w, 0, n);
    for (int v = 0; v < 8; v++) {
      for (int u = 0; u < 8; u++) {
        System.arraycopy(w[AFTER[v]], u * LANES, w[8 + u], v * LANES, LANES);
      }
    }
    pass(w, 8, n);
    for (int v = 0; v < 8; v++) {
      weave(w, v * LANES + from, v * LANES + to, out, at + v * stride);
    }
  }

  private static void weave(float[][] w, int from, int to, float[] out, int at) {
    float[] w0 = w[8 + AFTER[0]];
    float[] w1 = w[8 + AFTER[1]];
    float[] w2 = w[8 + AFTER[2]];
    float[] w3 = w[8 + AFTER[3]];
    float[] w4 = w[8 + AFTER[4]];
    float[] w5 = w[8 + AFTER[5]];
    float[] w6 = w[8 + AFTER[6]];
    float[] w7 = w[8 + AFTER[7]];
    int o = at;
    for (int i = from; i < to; i++, o += 8) {
      out[o] = w0[i];
      out[o + 1] = w1[i];
      out[o + 2] = w2[i];
      out[o + 3] = w3[i];
      out[o + 4] = w4[i];
      out[o + 5] = w5[i];
      out[o + 6] = w6[i];
      out[o + 7] = w7[i];
    }
  }

  /** In which array {@link #pass} leaves each of its results. */
  private static final int[] AFTER = {0, 4, 6, 2, 7, 5, 3, 1};

  /** One direction of the transform of eight: number {@code i} of eight arrays belongs together. */
  private static void pass(float[][] w, int at, int n) {
    float[] w0 = w[at];
    float[] w1 = w[at + 1];
    float[] w2 = w[at + 2];
    float[] w3 = w[at + 3];
    float[] w4 = w[at + 4];
    float[] w5 = w[at + 5];
    float[] w6 = w[at + 6];
    float[] w7 = w[at + 7];
    sums(w0, w4, n);
    even(w2, w6, n);
    sums(w0, w2, n);
    sums(w4, w6, n);
    odd(w1, w3, w5, w7, n);
    sums(w0, w1, n);
    sums(w4, w3, n);
    sums(w6, w5, n);
    sums(w2, w7, n);
  }

  private static void multiply(float[] a, float[] b, float[] into, int n) {
    for (int i = 0; i < n; i++) {
      into[i] = a[i] * b[i];
    }
  }

  private static void raise(float[] a, float by) {
    for (int i = 0; i < LANES; i++) {
      a[i] += by;
    }
  }

  private static void sums(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      float x = a[i];
      float y = b[i];
      a[i] = x + y;
      b[i] = x - y;
    }
  }

  private static void halfSums(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      float x = a[i];
      float y = b[i];
      a[i] = 0.5f * (x + y);
      b[i] = 0.5f * (x - y);
    }
  }

  private static void turned(float[] a, float[] b, float[] into, int n) {
    for (int i = 0; i < n; i++) {
      into[i] = C1 * a[i] + C3 * b[i];
    }
  }

  private static void turn(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      b[i] = C3 * a[i] - C1 * b[i];
    }
  }

  private static void even(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      float x = a[i];
      float y = b[i];
      float s = x + y;
      a[i] = s;
      b[i] = (x - y) * 1.414213562f - s;
    }
  }

  private static void odd(float[] d1, float[] d3, float[] d5, float[] d7, int n) {
    for (int i = 0; i < n; i++) {
      float a1 = d1[i];
      float a3 = d3[i];
      float a5 = d5[i];
      float a7 = d7[i];
      float z13 = a5 + a3;
      float z10 = a5 - a3;
      float z11 = a1 + a7;
      float z12 = a1 - a7;
      float o7 = z11 + z13;
      float z5 = (z10 + z12) * 1.847759065f;
      float o6 = z5 - z10 * 2.613125930f - o7;
      float o5 = (z11 - z13) * 1.414213562f - o6;
      float o4 = z5 - z12 * 1.082392200f - o5;
      d1[i] = o7;
      d3[i] = o6;
      d5[i] = o5;
      d7[i] = o4;
    }
  }
}

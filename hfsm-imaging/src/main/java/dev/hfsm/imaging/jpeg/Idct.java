package dev.hfsm.imaging.jpeg;

import java.util.Arrays;

/**
 * Inverse transforms of the low-frequency corner of a block, with the level shift, in plain float
 * arithmetic that is the same everywhere. Coefficients and factors are in zigzag order. Full size
 * is the algorithm of Arai, Agui and Nakajima as in libjpeg's jidctflt; the others are orthonormal
 * transforms of that size, so that a corner of N × N coefficients gives N × N samples.
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

  /** What to multiply coefficients with for {@link #put}. */
  static float[] factors(int samples, int[] table) {
    float[] factors = new float[64];
    for (int k = 0; k < 64; k++) {
      double scale = samples == 4 ? 0.5 : 0.125;
      if (samples == 8) {
        scale *= AAN[ZIGZAG[k] >> 3] * AAN[ZIGZAG[k] & 7];
      }
      factors[k] = (float) (table[k] * scale);
    }
    return factors;
  }

  /**
   * Writes the samples of a block, which may lie somewhat outside of 0 to 255.
   *
   * @param samples 1, 2, 4 or 8
   * @param flat whether all coefficients but the first are zero
   * @param work room for 64 samples
   */
  static void put(
      int samples,
      int[] co,
      float[] factors,
      boolean flat,
      float[] work,
      float[] out,
      int at,
      int stride) {
    switch (samples) {
      case 1 -> out[at] = co[0] * factors[0] + 128;
      case 2 -> two(co, factors, out, at, stride);
      case 4 -> {
        if (flat) {
          flat(4, co[0] * factors[0] * 0.25f + 128, out, at, stride);
        } else {
          four(co, factors, out, at, stride);
        }
      }
      default -> {
        if (flat) {
          flat(8, co[0] * factors[0] + 128, out, at, stride);
        } else {
          eight(co, factors, work, out, at, stride);
        }
      }
    }
  }

  private static void flat(int samples, float value, float[] out, int at, int stride) {
    for (int y = 0; y < samples; y++) {
      int o = at + y * stride;
      Arrays.fill(out, o, o + samples, value);
    }
  }

  private static void two(int[] c, float[] q, float[] out, int at, int stride) {
    float a = c[0] * q[0] + 128;
    float across = c[1] * q[1];
    float down = c[2] * q[2];
    float both = c[4] * q[4];
    float left = a + across;
    float right = a - across;
    float leftDown = down + both;
    float rightDown = down - both;
    out[at] = left + leftDown;
    out[at + 1] = right + rightDown;
    out[at + stride] = left - leftDown;
    out[at + stride + 1] = right - rightDown;
  }

  /** Columns first; long and plain because it is hot. */
  private static void four(int[] c, float[] q, float[] out, int at, int stride) {
    float a0 = c[0] * q[0] + 512;
    float a1 = c[2] * q[2];
    float a2 = c[3] * q[3];
    float a3 = c[9] * q[9];
    float b0 = c[1] * q[1];
    float b1 = c[4] * q[4];
    float b2 = c[8] * q[8];
    float b3 = c[11] * q[11];
    float d0 = c[5] * q[5];
    float d1 = c[7] * q[7];
    float d2 = c[12] * q[12];
    float d3 = c[18] * q[18];
    float e0 = c[6] * q[6];
    float e1 = c[13] * q[13];
    float e2 = c[17] * q[17];
    float e3 = c[24] * q[24];
    float s = 0.5f * (a0 + a2);
    float t = 0.5f * (a0 - a2);
    float u = C1 * a1 + C3 * a3;
    float v = C3 * a1 - C1 * a3;
    a0 = s + u;
    a1 = t + v;
    a2 = t - v;
    a3 = s - u;
    s = 0.5f * (b0 + b2);
    t = 0.5f * (b0 - b2);
    u = C1 * b1 + C3 * b3;
    v = C3 * b1 - C1 * b3;
    b0 = s + u;
    b1 = t + v;
    b2 = t - v;
    b3 = s - u;
    s = 0.5f * (d0 + d2);
    t = 0.5f * (d0 - d2);
    u = C1 * d1 + C3 * d3;
    v = C3 * d1 - C1 * d3;
    d0 = s + u;
    d1 = t + v;
    d2 = t - v;
    d3 = s - u;
    s = 0.5f * (e0 + e2);
    t = 0.5f * (e0 - e2);
    u = C1 * e1 + C3 * e3;
    v = C3 * e1 - C1 * e3;
    e0 = s + u;
    e1 = t + v;
    e2 = t - v;
    e3 = s - u;
    fourAcross(out, at, a0, b0, d0, e0);
    fourAcross(out, at + stride, a1, b1, d1, e1);
    fourAcross(out, at + 2 * stride, a2, b2, d2, e2);
    fourAcross(out, at + 3 * stride, a3, b3, d3, e3);
  }

  private static void fourAcross(float[] out, int at, float f0, float f1, float f2, float f3) {
    float s = 0.5f * (f0 + f2);
    float t = 0.5f * (f0 - f2);
    float u = C1 * f1 + C3 * f3;
    float v = C3 * f1 - C1 * f3;
    out[at] = s + u;
    out[at + 1] = t + v;
    out[at + 2] = t - v;
    out[at + 3] = s - u;
  }

  private static void eight(int[] c, float[] q, float[] work, float[] out, int at, int stride) {
    for (int k = 0; k < 64; k++) {
      work[ZIGZAG[k]] = c[k] * q[k];
    }
    work[0] += 128;
    for (int x = 0; x < 8; x++) {
      pass(work, x, 8, work, x, 8);
    }
    for (int y = 0; y < 8; y++) {
      pass(work, 8 * y, 1, out, at + y * stride, 1);
    }
  }

  private static void pass(float[] in, int i, int step, float[] out, int o, int by) {
    float s0 = in[i] + in[i + 4 * step];
    float s1 = in[i] - in[i + 4 * step];
    float s3 = in[i + 2 * step] + in[i + 6 * step];
    float s2 = (in[i + 2 * step] - in[i + 6 * step]) * 1.414213562f - s3;
    float e0 = s0 + s3;
    float e3 = s0 - s3;
    float e1 = s1 + s2;
    float e2 = s1 - s2;
    float z13 = in[i + 5 * step] + in[i + 3 * step];
    float z10 = in[i + 5 * step] - in[i + 3 * step];
    float z11 = in[i + step] + in[i + 7 * step];
    float z12 = in[i + step] - in[i + 7 * step];
    float o7 = z11 + z13;
    float z5 = (z10 + z12) * 1.847759065f;
    float o6 = z5 - z10 * 2.613125930f - o7;
    float o5 = (z11 - z13) * 1.414213562f - o6;
    float o4 = z5 - z12 * 1.082392200f - o5;
    out[o] = e0 + o7;
    out[o + by] = e1 + o6;
    out[o + 2 * by] = e2 + o5;
    out[o + 3 * by] = e3 + o4;
    out[o + 4 * by] = e3 - o4;
    out[o + 5 * by] = e2 - o5;
    out[o + 6 * by] = e1 - o6;
    out[o + 7 * by] = e0 - o7;
  }
}

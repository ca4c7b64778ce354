package dev.hfsm.imaging.jpegenc;

/**
 * The forward transform of Arai, Agui and Nakajima, "A fast DCT-SQ scheme for images", 1988, on
 * {@value #LANES} blocks at once: value {@code i} of block {@code b} lies at {@code i * LANES + b},
 * so that the compiler makes vector code of the loops. The scale factors that this scheme leaves
 * over are part of the division by the quantisation table.
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

  /**
   * Samples of nominally 0 to 255, in natural order, are clamped, transformed in place, and become
   * whole numbers: the quantised coefficients, in zigzag order.
   */
  static void quantised(float[] samples, float[] coefficients, int at, float[] reciprocals) {
    centre(samples, at);
    for (int x = 0; x < 8; x++) {
      pass(samples, at + x * LANES, 8 * LANES);
    }
    for (int y = 0; y < 8; y++) {
      pass(samples, at + y * 8 * LANES, LANES);
    }
    for (int k = 0; k < 64; k++) {
      int i = Quantization.ZIGZAG[k];
      round(samples, at + i * LANES, coefficients, at + k * LANES, reciprocals[i]);
    }
  }

  /** Clamps to 0 to 255 without a branch, and takes 128 away. */
  private static void centre(float[] d, int at) {
    for (int i = at; i < at + STRIP; i++) {
      d[i] = (Math.abs(d[i]) - Math.abs(d[i] - 255)) * 0.5f - 0.5f;
    }
  }

  private static void round(float[] from, int at, float[] to, int start, float factor) {
    for (int i = 0; i < LANES; i++) {
      to[start + i] = from[at + i] * factor + ROUND - ROUND;
    }
  }

  private static void pass(float[] d, int at, int step) {
    int p1 = at + step;
    int p2 = at + 2 * step;
    int p3 = at + 3 * step;
    int p4 = at + 4 * step;
    int p5 = at + 5 * step;
    int p6 = at + 6 * step;
    int p7 = at + 7 * step;
    for (int i = 0; i < LANES; i++) {
      float a0 = d[at + i];
      float a1 = d[p1 + i];
      float a2 = d[p2 + i];
      float a3 = d[p3 + i];
      float a4 = d[p4 + i];
      float a5 = d[p5 + i];
      float a6 = d[p6 + i];
      float a7 = d[p7 + i];
      float s07 = a0 + a7;
      float d07 = a0 - a7;
      float s16 = a1 + a6;
      float d16 = a1 - a6;
      float s25 = a2 + a5;
      float d25 = a2 - a5;
      float s34 = a3 + a4;
      float d34 = a3 - a4;
      float even0 = s07 + s34;
      float even3 = s07 - s34;
      float even1 = s16 + s25;
      float even2 = s16 - s25;
      float z1 = (even2 + even3) * 0.707106781f;
      float odd0 = d34 + d25;
      float odd1 = d25 + d16;
      float odd2 = d16 + d07;
      float z5 = (odd0 - odd2) * 0.382683433f;
      float z2 = 0.541196100f * odd0 + z5;
      float z4 = 1.306562965f * odd2 + z5;
      float z3 = odd1 * 0.707106781f;
      float z11 = d07 + z3;
      float z13 = d07 - z3;
      d[at + i] = even0 + even1;
      d[p4 + i] = even0 - even1;
      d[p2 + i] = even3 + z1;
      d[p6 + i] = even3 - z1;
      d[p5 + i] = z13 + z2;
      d[p3 + i] = z13 - z2;
      d[p1 + i] = z11 + z4;
      d[p7 + i] = z11 - z4;
    }
  }
}

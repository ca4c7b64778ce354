package dev.hfsm.imaging.color;

/** The target: sRGB (IEC 61966-2-1), its primaries adapted to D50 as in its ICC profile. */
final class Srgb {

  private static final double[] COLORANTS = {
    0.43606567, 0.38514709, 0.14306641, //
    0.22248840, 0.71687317, 0.06060791, //
    0.01391602, 0.09707642, 0.71409607
  };
  private static final int STEPS = 4096;
  private static final int LEVELS = 65535;

  /** XYZ (D50) to linear sRGB, by rows. */
  static final double[] FROM_XYZ = inverse(COLORANTS);

  private static final byte[] BYTES = bytes();
  private static final float[] FLOATS = floats();

  private Srgb() {}

  static double encode(double linear) {
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * StrictMath.pow(linear, 1 / 2.4) - 0.055;
  }

  private static double decode(double value) {
    return value <= 0.04045 ? value / 12.92 : StrictMath.pow((value + 0.055) / 1.055, 2.4);
  }

  /** Light of any value, clipped to 0 to 1, as the nearest of 256 values. */
  static byte encodedByte(float linear) {
    // Clipped as int: a cast of what is not a number is 0, and a minimum of floats is slow.
    return BYTES[Math.max(0, Math.min((int) (linear * LEVELS + 0.5f), LEVELS))];
  }

  /** Light of any value, clipped to 0 to 1, as a value of 0 to 255. */
  static float encodedFloat(float linear) {
    float at = clipped(linear) * STEPS;
    int i = Math.min((int) at, STEPS - 1);
    return FLOATS[i] + (FLOATS[i + 1] - FLOATS[i]) * (at - i);
  }

  /** Also what is not a number becomes 0. */
  private static float clipped(float value) {
    return value > 0 ? (value < 1 ? value : 1) : 0;
  }

  private static byte[] bytes() {
    byte[] table = new byte[LEVELS + 1];
    int at = 0;
    for (int value = 0; value < 256; value++) {
      double end = value == 255 ? LEVELS + 1 : decode((value + 0.5) / 255) * LEVELS;
      for (; at < end; at++) {
        table[at] = (byte) value;
      }
    }
    return table;
  }

  private static float[] floats() {
    float[] table = new float[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
      table[i] = (float) (255 * encode((double) i / STEPS));
    }
    return table;
  }

  private static double[] inverse(double[] m) {
    double[] result = new double[9];
    double determinant = 0;
    for (int i = 0; i < 3; i++) {
      determinant += m[i] * cofactor(m, 0, i);
    }
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        result[3 * row + column] = cofactor(m, column, row) / determinant;
      }
    }
    return result;
  }

  private static double cofactor(double[] m, int row, int column) {
    int r1 = (row + 1) % 3;
    int r2 = (row + 2) % 3;
    int c1 = (column + 1) % 3;
    int c2 = (column + 2) % 3;
    return m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
  }
}

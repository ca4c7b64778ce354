package dev.hfsm.imaging.jpegenc;

/** The tables of ITU-T T.81 annex K.1, scaled as libjpeg does it, in natural order. */
final class Quantization {

  /** Natural index of the k-th coefficient in zigzag order. */
  static final int[] ZIGZAG = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  private static final int[] BRIGHTNESS = {
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99
  };

  private static final int[] COLOR = {
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99
  };

  private Quantization() {}

  /** The table of a plane for a quality of 1 to 100. */
  static int[] table(int plane, int quality) {
    int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    int[] base = plane == 0 ? BRIGHTNESS : COLOR;
    int[] scaled = new int[64];
    for (int i = 0; i < 64; i++) {
      scaled[i] = Math.max(1, Math.min(255, (base[i] * percent + 50) / 100));
    }
    return scaled;
  }
}

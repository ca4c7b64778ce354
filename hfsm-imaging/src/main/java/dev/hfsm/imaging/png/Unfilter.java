package dev.hfsm.imaging.png;

/** Takes back the filters of a row. The loops are plain and long: time goes here. */
final class Unfilter {

  private Unfilter() {}

  /**
   * @param row filtered, from index {@code at} on, {@code n} bytes; is replaced
   * @param above the row above, at the same place; zeros above the first
   * @param back how many bytes the sample to the left is away
   */
  static void row(int type, byte[] row, byte[] above, int at, int n, int back) throws PngException {
    switch (type) {
      case 0 -> {}
      case 1 -> sub(row, at, n, back);
      case 2 -> up(row, above, at, n);
      case 3 -> {
        switch (back) {
          case 3 -> average3(row, above, at, n);
          case 4 -> average4(row, above, at, n);
          default -> average(row, above, at, n, back);
        }
      }
      case 4 -> {
        switch (back) {
          case 3 -> paeth3(row, above, at, n);
          case 4 -> paeth4(row, above, at, n);
          default -> paeth(row, above, at, n, back);
        }
      }
      default -> throw PngException.malformed("a row has filter type " + type);
    }
  }

  private static void sub(byte[] row, int at, int n, int back) {
    for (int i = at + back; i < at + n; i++) {
      row[i] += row[i - back];
    }
  }

  private static void up(byte[] row, byte[] above, int at, int n) {
    for (int i = at; i < at + n; i++) {
      row[i] += above[i];
    }
  }

  private static void average(byte[] row, byte[] above, int at, int n, int back) {
    int first = Math.min(n, back);
    for (int i = at; i < at + first; i++) {
      row[i] += (byte) ((above[i] & 0xFF) >> 1);
    }
    for (int i = at + first; i < at + n; i++) {
      row[i] += (byte) ((row[i - back] & 0xFF) + (above[i] & 0xFF) >> 1);
    }
  }

  private static void paeth(byte[] row, byte[] above, int at, int n, int back) {
    int first = Math.min(n, back);
    for (int i = at; i < at + first; i++) {
      row[i] += above[i];
    }
    for (int i = at + first; i < at + n; i++) {
      int predicted = predicted(row[i - back] & 0xFF, above[i] & 0xFF, above[i - back] & 0xFF);
      row[i] = (byte) (row[i] + predicted);
    }
  }

  // Of 3 and 4 samples all are taken side by side, step by step, or the compiler makes branches of
  // the choices, which nothing can predict.

  private static void paeth3(byte[] row, byte[] above, int at, int n) {
    int a0 = 0;
    int a1 = 0;
    int a2 = 0;
    int c0 = 0;
    int c1 = 0;
    int c2 = 0;
    for (int i = at; i + 2 < at + n; i += 3) {
      int b0 = above[i] & 0xFF;
      int b1 = above[i + 1] & 0xFF;
      int b2 = above[i + 2] & 0xFF;
      int bound0 = 3 * c0 - b0 - a0;
      int bound1 = 3 * c1 - b1 - a1;
      int bound2 = 3 * c2 - b2 - a2;
      int low0 = Math.min(a0, b0);
      int low1 = Math.min(a1, b1);
      int low2 = Math.min(a2, b2);
      int high0 = Math.max(a0, b0);
      int high1 = Math.max(a1, b1);
      int high2 = Math.max(a2, b2);
      int other0 = high0 <= bound0 ? low0 : c0;
      int other1 = high1 <= bound1 ? low1 : c1;
      int other2 = high2 <= bound2 ? low2 : c2;
      other0 = bound0 <= low0 ? high0 : other0;
      other1 = bound1 <= low1 ? high1 : other1;
      other2 = bound2 <= low2 ? high2 : other2;
      a0 = row[i] + other0 & 0xFF;
      a1 = row[i + 1] + other1 & 0xFF;
      a2 = row[i + 2] + other2 & 0xFF;
      row[i] = (byte) a0;
      row[i + 1] = (byte) a1;
      row[i + 2] = (byte) a2;
      c0 = b0;
      c1 = b1;
      c2 = b2;
    }
  }

  private static void paeth4(byte[] row, byte[] above, int at, int n) {
    int a0 = 0;
    int a1 = 0;
    int a2 = 0;
    int a3 = 0;
    int c0 = 0;
    int c1 = 0;
    int c2 = 0;
    int c3 = 0;
    for (int i = at; i + 3 < at + n; i += 4) {
      int b0 = above[i] & 0xFF;
      int b1 = above[i + 1] & 0xFF;
      int b2 = above[i + 2] & 0xFF;
      int b3 = above[i + 3] & 0xFF;
      int bound0 = 3 * c0 - b0 - a0;
      int bound1 = 3 * c1 - b1 - a1;
      int bound2 = 3 * c2 - b2 - a2;
      int bound3 = 3 * c3 - b3 - a3;
      int low0 = Math.min(a0, b0);
      int low1 = Math.min(a1, b1);
      int low2 = Math.min(a2, b2);
      int low3 = Math.min(a3, b3);
      int high0 = Math.max(a0, b0);
      int high1 = Math.max(a1, b1);
      int high2 = Math.max(a2, b2);
      int high3 = Math.max(a3, b3);
      int other0 = high0 <= bound0 ? low0 : c0;
      int other1 = high1 <= bound1 ? low1 : c1;
      int other2 = high2 <= bound2 ? low2 : c2;
      int other3 = high3 <= bound3 ? low3 : c3;
      other0 = bound0 <= low0 ? high0 : other0;
      other1 = bound1 <= low1 ? high1 : other1;
      other2 = bound2 <= low2 ? high2 : other2;
      other3 = bound3 <= low3 ? high3 : other3;
      a0 = row[i] + other0 & 0xFF;
      a1 = row[i + 1] + other1 & 0xFF;
      a2 = row[i + 2] + other2 & 0xFF;
      a3 = row[i + 3] + other3 & 0xFF;
      row[i] = (byte) a0;
      row[i + 1] = (byte) a1;
      row[i + 2] = (byte) a2;
      row[i + 3] = (byte) a3;
      c0 = b0;
      c1 = b1;
      c2 = b2;
      c3 = b3;
    }
  }

  private static void average3(byte[] row, byte[] above, int at, int n) {
    int a0 = 0;
    int a1 = 0;
    int a2 = 0;
    for (int i = at; i + 2 < at + n; i += 3) {
      a0 = row[i] + (a0 + (above[i] & 0xFF) >> 1) & 0xFF;
      a1 = row[i + 1] + (a1 + (above[i + 1] & 0xFF) >> 1) & 0xFF;
      a2 = row[i + 2] + (a2 + (above[i + 2] & 0xFF) >> 1) & 0xFF;
      row[i] = (byte) a0;
      row[i + 1] = (byte) a1;
      row[i + 2] = (byte) a2;
    }
  }

  private static void average4(byte[] row, byte[] above, int at, int n) {
    int a0 = 0;
    int a1 = 0;
    int a2 = 0;
    int a3 = 0;
    for (int i = at; i + 3 < at + n; i += 4) {
      a0 = row[i] + (a0 + (above[i] & 0xFF) >> 1) & 0xFF;
      a1 = row[i + 1] + (a1 + (above[i + 1] & 0xFF) >> 1) & 0xFF;
      a2 = row[i + 2] + (a2 + (above[i + 2] & 0xFF) >> 1) & 0xFF;
      a3 = row[i + 3] + (a3 + (above[i + 3] & 0xFF) >> 1) & 0xFF;
      row[i] = (byte) a0;
      row[i + 1] = (byte) a1;
      row[i + 2] = (byte) a2;
      row[i + 3] = (byte) a3;
    }
  }

  /**
   * The neighbour nearest to left + above - above left; left before above before above left. With
   * fewer steps between left and the result than the definition has: it is the smaller or the
   * larger of left and above if above left lies a third of their distance or more beyond the other.
   */
  static int predicted(int left, int above, int aboveLeft) {
    int bound = 3 * aboveLeft - above - left;
    int low = Math.min(left, above);
    int high = Math.max(left, above);
    int other = high <= bound ? low : aboveLeft;
    return bound <= low ? high : other;
  }
}

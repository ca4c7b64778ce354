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
      case 3 -> average(row, above, at, n, back);
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
      a0 = row[i] + predicted(a0, b0, c0) & 0xFF;
      a1 = row[i + 1] + predicted(a1, b1, c1) & 0xFF;
      a2 = row[i + 2] + predicted(a2, b2, c2) & 0xFF;
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
      a0 = row[i] + predicted(a0, b0, c0) & 0xFF;
      a1 = row[i + 1] + predicted(a1, b1, c1) & 0xFF;
      a2 = row[i + 2] + predicted(a2, b2, c2) & 0xFF;
      a3 = row[i + 3] + predicted(a3, b3, c3) & 0xFF;
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

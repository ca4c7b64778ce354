package dev.hfsm.imaging.png;

/**
 * Chooses the filter of a row as the specification suggests: the one whose output, taken as signed,
 * has the least sum of absolute values. Without alpha every second sample is looked at, which
 * chooses as well. All five are summed up in one plain, long loop.
 */
final class Filters {

  private Filters() {}

  /** Returns the filter type; {@code result} has the filtered row unless that is 0. */
  static int best(byte[] row, byte[] above, byte[] result, int back) {
    int none = 0;
    int sub = 0;
    int up = 0;
    int average = 0;
    int paeth = 0;
    // Of an even number of channels every second sample would leave some out.
    int step = back % 2 == 0 ? 1 : 2;
    for (int i = back; i < row.length; i += step) {
      int x = row[i] & 0xFF;
      int a = row[i - back] & 0xFF;
      int b = above[i] & 0xFF;
      int c = above[i - back] & 0xFF;
      none += Math.abs((byte) x);
      sub += Math.abs((byte) (x - a));
      up += Math.abs((byte) (x - b));
      average += Math.abs((byte) (x - (a + b >> 1)));
      paeth += Math.abs((byte) (x - Unfilter.predicted(a, b, c)));
    }
    int least = Math.min(Math.min(none, sub), Math.min(up, Math.min(average, paeth)));
    int type = least == none ? 0 : least == sub ? 1 : least == up ? 2 : least == average ? 3 : 4;
    apply(type, row, above, result, back);
    return type;
  }

  private static void apply(int type, byte[] row, byte[] above, byte[] result, int back) {
    for (int i = 0; i < row.length && type != 0; i++) {
      int a = i < back ? 0 : row[i - back] & 0xFF;
      int b = above[i] & 0xFF;
      int c = i < back ? 0 : above[i - back] & 0xFF;
      int predicted =
          switch (type) {
            case 1 -> a;
            case 2 -> b;
            case 3 -> a + b >> 1;
            default -> Unfilter.predicted(a, b, c);
          };
      result[i] = (byte) (row[i] - predicted);
    }
  }
}

package dev.hfsm.imaging.gif;

import java.util.Arrays;

/**
 * Chooses a palette for the opaque pixels of a frame. If they have few enough colours, it is those
 * colours; else Wu's variance minimisation (X. Wu, "Efficient statistical computations for optimal
 * color quantization", Graphics Gems II, 1991) over 32 × 32 × 32 cells. There is no dithering: it
 * would make still parts of an animation flicker, and files larger.
 */
final class Quantizer {

  private static final int SIDE = 33;
  private static final int CELLS = SIDE * SIDE * SIDE;
  private static final int SLOTS = 1 << 11;

  private final int[] exactKeys = new int[SLOTS];
  private final short[] exactAt = new short[SLOTS];
  private final int[] palette = new int[256];
  private int colors;

  private final long[] weight = new long[CELLS];
  private final long[] red = new long[CELLS];
  private final long[] green = new long[CELLS];
  private final long[] blue = new long[CELLS];
  private final double[] square = new double[CELLS];
  private final byte[] tag = new byte[CELLS];

  /** Bytes that one takes. */
  static long bytes() {
    return 41L * CELLS + 16L * SLOTS;
  }

  /** How many colours were chosen. */
  int colors() {
    return colors;
  }

  /** RGB. */
  int color(int index) {
    return palette[index];
  }

  /**
   * Writes the index of each opaque pixel; transparent ones (alpha 0) get {@code colors()}.
   *
   * @param most how many colours there may be
   */
  void index(int[] argb, int length, byte[] into, int most) {
    if (!exact(argb, length, into, most)) {
      wu(argb, length, most);
      for (int i = 0; i < length; i++) {
        into[i] = argb[i] == 0 ? (byte) colors : tag[cell(argb[i])];
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      if (argb[i] == 0) {
        into[i] = (byte) colors;
      }
    }
  }

  private boolean exact(int[] argb, int length, byte[] into, int most) {
    Arrays.fill(exactKeys, 0);
    colors = 0;
    for (int i = 0; i < length; i++) {
      int color = argb[i];
      if (color == 0) {
        continue;
      }
      int slot = color * 0x9E3779B1 >>> 21;
      while (exactKeys[slot] != 0 && exactKeys[slot] != color) {
        slot = slot + 1 & SLOTS - 1;
      }
      if (exactKeys[slot] == 0) {
        if (colors == most) {
          return false;
        }
        exactKeys[slot] = color;
        exactAt[slot] = (short) colors;
        palette[colors++] = color & 0xFFFFFF;
      }
      into[i] = (byte) exactAt[slot];
    }
    return true;
  }

  private static int cell(int color) {
    int r = (color >> 19 & 31) + 1;
    int g = (color >> 11 & 31) + 1;
    int b = (color >> 3 & 31) + 1;
    return (r * SIDE + g) * SIDE + b;
  }

  private void wu(int[] argb, int length, int most) {
    histogram(argb, length);
    moments();
    Box[] boxes = new Box[most];
    boxes[0] = new Box(0, 32, 0, 32, 0, 32);
    int n = 1;
    while (n < most) {
      int widest = 0;
      for (int i = 1; i < n; i++) {
        if (boxes[i].variance() > boxes[widest].variance()) {
          widest = i;
        }
      }
      if (boxes[widest].variance() <= 0) {
        break;
      }
      Box[] halves = boxes[widest].cut();
      if (halves.length == 0) {
        boxes[widest].variance = 0;
        continue;
      }
      boxes[widest] = halves[0];
      boxes[n++] = halves[1];
    }
    colors = n;
    for (int i = 0; i < n; i++) {
      boxes[i].paint(i);
    }
  }

  private void histogram(int[] argb, int length) {
    Arrays.fill(weight, 0);
    Arrays.fill(red, 0);
    Arrays.fill(green, 0);
    Arrays.fill(blue, 0);
    Arrays.fill(square, 0);
    for (int i = 0; i < length; i++) {
      int color = argb[i];
      if (color != 0) {
        int at = cell(color);
        int r = color >> 16 & 0xFF;
        int g = color >> 8 & 0xFF;
        int b = color & 0xFF;
        weight[at]++;
        red[at] += r;
        green[at] += g;
        blue[at] += b;
        square[at] += r * r + g * g + b * b;
      }
    }
  }

  /** From counts to sums over everything at or below a cell. */
  private void moments() {
    int[] steps = {SIDE * SIDE, SIDE, 1};
    for (int step : steps) {
      for (int at = step; at < CELLS; at++) {
        if (at / step % SIDE != 0) {
          weight[at] += weight[at - step];
          red[at] += red[at - step];
          green[at] += green[at - step];
          blue[at] += blue[at - step];
          square[at] += square[at - step];
        }
      }
    }
  }

  /** Cells from each lower bound, exclusive, to the upper one, inclusive. */
  private final class Box {

    private final int[] low;
    private final int[] high;
    private double variance = -1;

    Box(int r0, int r1, int g0, int g1, int b0, int b1) {
      this(new int[] {r0, g0, b0}, new int[] {r1, g1, b1});
    }

    private Box(int[] low, int[] high) {
      this.low = low;
      this.high = high;
    }

    private static int at(int r, int g, int b) {
      return (r * SIDE + g) * SIDE + b;
    }

    long sum(long[] of) {
      return of[at(high[0], high[1], high[2])]
          - of[at(high[0], high[1], low[2])]
          - of[at(high[0], low[1], high[2])]
          + of[at(high[0], low[1], low[2])]
          - of[at(low[0], high[1], high[2])]
          + of[at(low[0], high[1], low[2])]
          + of[at(low[0], low[1], high[2])]
          - of[at(low[0], low[1], low[2])];
    }

    private double squares() {
      double[] of = square;
      return of[at(high[0], high[1], high[2])]
          - of[at(high[0], high[1], low[2])]
          - of[at(high[0], low[1], high[2])]
          + of[at(high[0], low[1], low[2])]
          - of[at(low[0], high[1], high[2])]
          + of[at(low[0], high[1], low[2])]
          + of[at(low[0], low[1], high[2])]
          - of[at(low[0], low[1], low[2])];
    }

    private boolean single() {
      return high[0] - low[0] == 1 && high[1] - low[1] == 1 && high[2] - low[2] == 1;
    }

    double variance() {
      if (variance < 0) {
        variance = single() ? 0 : Math.max(0, squares() - between());
      }
      return variance;
    }

    /** How much of the squares the mean explains. */
    private double between() {
      long w = sum(weight);
      if (w == 0) {
        return 0;
      }
      double r = sum(red);
      double g = sum(green);
      double b = sum(blue);
      return (r * r + g * g + b * b) / w;
    }

    /** The best cut; nothing if all pixels lie in one slice of every direction. */
    Box[] cut() {
      double best = 0;
      Box[] halves = {};
      for (int axis = 0; axis < 3; axis++) {
        for (int cut = low[axis] + 1; cut < high[axis]; cut++) {
          int[] end = high.clone();
          end[axis] = cut;
          int[] begin = low.clone();
          begin[axis] = cut;
          Box first = new Box(low, end);
          Box second = new Box(begin, high);
          if (first.sum(weight) > 0 && second.sum(weight) > 0) {
            double explained = first.between() + second.between();
            if (explained > best) {
              best = explained;
              halves = new Box[] {first, second};
            }
          }
        }
      }
      return halves;
    }

    void paint(int index) {
      long w = Math.max(1, sum(weight));
      palette[index] = mean(sum(red), w) << 16 | mean(sum(green), w) << 8 | mean(sum(blue), w);
      for (int r = low[0] + 1; r <= high[0]; r++) {
        for (int g = low[1] + 1; g <= high[1]; g++) {
          Arrays.fill(tag, at(r, g, low[2] + 1), at(r, g, high[2]) + 1, (byte) index);
        }
      }
    }

    private static int mean(long sum, long weight) {
      return (int) ((sum + weight / 2) / weight);
    }
  }
}

package dev.hfsm.imaging.color;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a look-up table tag does with a pixel: curves, a table of as many dimensions as there are
 * channels, curves, a matrix, curves; values are 0 to 1 between all of them (ICC.1:2010, 10.8 to
 * 10.10).
 */
final class LutStages {

  private static final int MFT1 = 0x6D667431;
  private static final int MFT2 = 0x6D667432;
  private static final int MAB = 0x6D414220;
  private static final float[] STRAIGHT = {0, 1};

  /**
   * The table; its first channel varies least rapidly.
   *
   * @param table bytes, or pairs of them
   * @param steps from one point to the next, in bytes, for each channel
   */
  private record Grid(ByteBuffer table, int[] points, int[] steps, int width) {

    /** Null if the tag is too short for it. */
    static @Nullable Grid of(ByteBuffer tag, int at, int[] points, int width) {
      int[] steps = new int[points.length];
      long step = 3L * width;
      for (int c = points.length - 1; c >= 0; c--) {
        if (points[c] < 2 || step > tag.limit()) {
          return null;
        }
        steps[c] = (int) step;
        step *= points[c];
      }
      return at < 0 || at + step > tag.limit()
          ? null
          : new Grid(tag.slice(at, (int) step), points, steps, width);
    }

    float value(int at) {
      return width == 1 ? (table.get(at) & 0xFF) / 255f : (table.getShort(at) & 0xFFFF) / 65535f;
    }
  }

  private final int channels;
  private final float labScale;
  private final float[][] positions;
  private final @Nullable Grid grid;
  private final float @Nullable [][] middle;
  private final double @Nullable [] matrix;
  private final float[][] last;

  private LutStages(
      int channels,
      float labScale,
      float[][] first,
      @Nullable Grid grid,
      float @Nullable [][] middle,
      double @Nullable [] matrix,
      float[][] last) {
    this.channels = channels;
    this.labScale = labScale;
    this.grid = grid;
    this.middle = middle;
    this.matrix = matrix;
    this.last = last;
    this.positions = new float[channels][256];
    for (int c = 0; c < channels; c++) {
      int most = grid == null ? 1 : grid.points()[c] - 1;
      for (int i = 0; i < 256; i++) {
        positions[c][i] = along(first[c], i / 255f) * most;
      }
    }
  }

  /** Null for a tag that is missing, broken, of another type or for another number of channels. */
  static @Nullable LutStages of(@Nullable ByteBuffer tag, int channels) {
    if (tag == null || tag.limit() < 32 || tag.get(8) != channels || tag.get(9) != 3) {
      return null;
    }
    return switch (tag.getInt(0)) {
      case MFT1 -> tables(tag, channels, 1);
      case MFT2 -> tables(tag, channels, 2);
      case MAB -> elements(tag, channels);
      default -> null;
    };
  }

  int channels() {
    return channels;
  }

  /** What Lab is stretched by: in {@code mft2} its largest value is 0xFF00. */
  float labScale() {
    return labScale;
  }

  private static @Nullable LutStages tables(ByteBuffer tag, int channels, int width) {
    int head = width == 1 ? 48 : 52;
    if (tag.limit() < head) {
      return null;
    }
    int inputs = width == 1 ? 256 : tag.getShort(48) & 0xFFFF;
    int outputs = width == 1 ? 256 : tag.getShort(50) & 0xFFFF;
    int[] points = new int[channels];
    java.util.Arrays.fill(points, tag.get(10) & 0xFF);
    if (inputs < 2 || inputs > 4096 || outputs < 2 || outputs > 4096) {
      return null;
    }
    int at = head + channels * inputs * width;
    Grid grid = Grid.of(tag, at, points, width);
    if (grid == null || at + grid.table().limit() + 3L * outputs * width > tag.limit()) {
      return null;
    }
    float[][] first = curves(tag, head, channels, inputs, width);
    float[][] last = curves(tag, at + grid.table().limit(), 3, outputs, width);
    return new LutStages(channels, width == 1 ? 1 : 65535f / 65280, first, grid, null, null, last);
  }

  private static float[][] curves(ByteBuffer tag, int at, int count, int length, int width) {
    float[][] curves = new float[count][length];
    for (int c = 0; c < count; c++) {
      for (int i = 0; i < length; i++) {
        int p = at + (c * length + i) * width;
        curves[c][i] =
            width == 1 ? (tag.get(p) & 0xFF) / 255f : (tag.getShort(p) & 0xFFFF) / 65535f;
      }
    }
    return curves;
  }

  private static @Nullable LutStages elements(ByteBuffer tag, int channels) {
    float[][] last = sequence(tag, tag.getInt(12), 3);
    if (last == null) {
      return null;
    }
    double[] matrix = null;
    float[][] middle = null;
    if (tag.getInt(16) != 0) {
      matrix = matrix(tag, tag.getInt(16));
      middle = sequence(tag, tag.getInt(20), 3);
      if (matrix == null || middle == null) {
        return null;
      }
    }
    Grid grid = null;
    float[][] first = {STRAIGHT, STRAIGHT, STRAIGHT};
    if (tag.getInt(24) != 0) {
      grid = grid(tag, tag.getInt(24), channels);
      float[][] found = sequence(tag, tag.getInt(28), channels);
      if (grid == null || found == null) {
        return null;
      }
      first = found;
    } else if (channels != 3) {
      return null;
    }
    return new LutStages(channels, 1, first, grid, middle, matrix, last);
  }

  private static @Nullable Grid grid(ByteBuffer tag, int at, int channels) {
    if (at < 32 || at + 20L > tag.limit()) {
      return null;
    }
    int[] points = new int[channels];
    for (int c = 0; c < channels; c++) {
      points[c] = tag.get(at + c) & 0xFF;
    }
    int width = tag.get(at + 16);
    return width == 1 || width == 2 ? Grid.of(tag, at + 20, points, width) : null;
  }

  private static double @Nullable [] matrix(ByteBuffer tag, int at) {
    if (at < 32 || at + 48L > tag.limit()) {
      return null;
    }
    double[] matrix = new double[12];
    for (int i = 0; i < 12; i++) {
      matrix[i] = tag.getInt(at + 4 * i) / 65536.0;
    }
    return matrix;
  }

  /** Curves one after another, each beginning at a multiple of four bytes. */
  private static float @Nullable [][] sequence(ByteBuffer tag, int from, int count) {
    float[][] curves = new float[count][];
    long at = from;
    for (int c = 0; c < count; c++) {
      if (at < 32 || at + 12 > tag.limit()) {
        return null;
      }
      ByteBuffer rest = tag.slice((int) at, tag.limit() - (int) at);
      float[] curve = Curve.table(rest);
      if (curve == null) {
        return null;
      }
      curves[c] = curve;
      at += Curve.length(rest) + 3 & ~3L;
    }
    return curves;
  }

  /** The value of a curve that is given at equal distances. */
  private static float along(float[] curve, float value) {
    float at = value > 0 ? Math.min(value, 1) * (curve.length - 1) : 0;
    int i = Math.min((int) at, curve.length - 2);
    return curve[i] + (curve[i + 1] - curve[i]) * (at - i);
  }

  /** Three values of 0 to 1 for the pixel at an index. */
  void apply(byte[] from, int at, float[] result) {
    Grid known = grid;
    if (known == null) {
      for (int c = 0; c < 3; c++) {
        result[c] = positions[c][from[at + c] & 0xFF];
      }
    } else {
      interpolate(known, from, at, result);
    }
    float[][] curves = middle;
    double[] m = matrix;
    if (curves != null && m != null) {
      float a = along(curves[0], result[0]);
      float b = along(curves[1], result[1]);
      float c = along(curves[2], result[2]);
      for (int i = 0; i < 3; i++) {
        result[i] = (float) (m[3 * i] * a + m[3 * i + 1] * b + m[3 * i + 2] * c + m[9 + i]);
      }
    }
    for (int c = 0; c < 3; c++) {
      result[c] = along(last[c], result[c]);
    }
  }

  private void interpolate(Grid grid, byte[] from, int at, float[] result) {
    if (channels == 3) {
      tetrahedron(grid, from, at, 0, 0, 1, result);
      return;
    }
    float position = positions[0][from[at] & 0xFF];
    int cell = Math.min((int) position, grid.points()[0] - 2);
    float part = position - cell;
    int base = cell * grid.steps()[0];
    java.util.Arrays.fill(result, 0);
    if (channels == 4) {
      tetrahedron(grid, from, at, 1, base, 1 - part, result);
      tetrahedron(grid, from, at, 1, base + grid.steps()[0], part, result);
      return;
    }
    for (int c = 0; c < 3; c++) {
      int p = base + c * grid.width();
      result[c] = grid.value(p) * (1 - part) + grid.value(p + grid.steps()[0]) * part;
    }
  }

  /** Three channels from {@code first} on; adds to the result if that is not the first one. */
  private void tetrahedron(
      Grid grid, byte[] from, int at, int first, int begin, float share, float[] result) {
    int base = begin;
    float r0 = positions[first][from[at + first] & 0xFF];
    float r1 = positions[first + 1][from[at + first + 1] & 0xFF];
    float r2 = positions[first + 2][from[at + first + 2] & 0xFF];
    int i0 = Math.min((int) r0, grid.points()[first] - 2);
    int i1 = Math.min((int) r1, grid.points()[first + 1] - 2);
    int i2 = Math.min((int) r2, grid.points()[first + 2] - 2);
    int s0 = grid.steps()[first];
    int s1 = grid.steps()[first + 1];
    int s2 = grid.steps()[first + 2];
    base += i0 * s0 + i1 * s1 + i2 * s2;
    r0 -= i0;
    r1 -= i1;
    r2 -= i2;
    // The channel that is farthest along leaves the cell's first corner first, and so on.
    float high;
    float between;
    float low;
    int one;
    int two;
    if (r0 >= r1) {
      if (r1 >= r2) {
        high = r0;
        between = r1;
        low = r2;
        one = s0;
        two = s0 + s1;
      } else if (r0 >= r2) {
        high = r0;
        between = r2;
        low = r1;
        one = s0;
        two = s0 + s2;
      } else {
        high = r2;
        between = r0;
        low = r1;
        one = s2;
        two = s2 + s0;
      }
    } else if (r0 >= r2) {
      high = r1;
      between = r0;
      low = r2;
      one = s1;
      two = s1 + s0;
    } else if (r1 >= r2) {
      high = r1;
      between = r2;
      low = r0;
      one = s1;
      two = s1 + s2;
    } else {
      high = r2;
      between = r1;
      low = r0;
      one = s2;
      two = s2 + s1;
    }
    one += base;
    two += base;
    int all = base + s0 + s1 + s2;
    for (int o = 0; o < 3; o++) {
      int p = o * grid.width();
      float value =
          grid.value(base + p) * (1 - high)
              + grid.value(one + p) * (high - between)
              + grid.value(two + p) * (between - low)
              + grid.value(all + p) * low;
      result[o] = first == 0 ? value : result[o] + share * value;
    }
  }
}

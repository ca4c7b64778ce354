package dev.hfsm.imaging.color;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A tone curve ({@code curv} or {@code para}), tabulated in quarters of an 8-bit level: 1021 values
 * of light, each of 0 to 1.
 */
final class Curve {

  static final int PARTS = 4;
  static final int LAST = 255 * PARTS;

  private static final int CURV = 0x63757276;
  private static final int PARA = 0x70617261;
  private static final int[] PARAMETERS = {1, 3, 4, 5, 7};

  private Curve() {}

  /** Null if there is no such curve, or a broken one. */
  static float @Nullable [] table(@Nullable ByteBuffer tag) {
    if (tag == null || tag.limit() < 12) {
      return null;
    }
    return switch (tag.getInt(0)) {
      case CURV -> sampled(tag);
      case PARA -> parametric(tag);
      default -> null;
    };
  }

  /** Bytes that a curve which {@link #table} has read takes. */
  static long length(ByteBuffer tag) {
    return tag.getInt(0) == CURV
        ? 12 + 2 * (tag.getInt(8) & 0xFFFFFFFFL)
        : 12 + 4L * PARAMETERS[tag.getShort(8)];
  }

  private static float @Nullable [] sampled(ByteBuffer tag) {
    long count = tag.getInt(8) & 0xFFFFFFFFL;
    if (12 + 2 * count > tag.limit()) {
      return null;
    }
    float[] table = new float[LAST + 1];
    double gamma = count == 1 ? tag.getShort(12) & 0xFFFF : 256;
    for (int i = 0; i <= LAST; i++) {
      double x = (double) i / LAST;
      table[i] =
          count < 2
              ? clipped(StrictMath.pow(x, gamma / 256))
              : (float) between(tag, (int) count, x * (count - 1));
    }
    return table;
  }

  private static double between(ByteBuffer tag, int count, double at) {
    int i = Math.min((int) at, count - 2);
    int low = tag.getShort(12 + 2 * i) & 0xFFFF;
    int high = tag.getShort(14 + 2 * i) & 0xFFFF;
    return (low + (high - low) * (at - i)) / 65535;
  }

  private static float @Nullable [] parametric(ByteBuffer tag) {
    int type = tag.getShort(8) & 0xFFFF;
    if (type >= PARAMETERS.length || tag.limit() < 12 + 4 * PARAMETERS[type]) {
      return null;
    }
    double[] p = new double[7];
    for (int i = 0; i < PARAMETERS[type]; i++) {
      p[i] = tag.getInt(12 + 4 * i) / 65536.0;
    }
    float[] table = new float[LAST + 1];
    for (int i = 0; i <= LAST; i++) {
      table[i] = clipped(value(type, p, (double) i / LAST));
    }
    return table;
  }

  /** ICC.1:2010, table 65; the letters are those of the table. */
  private static double value(int type, double[] p, double x) {
    double power = type == 0 ? StrictMath.pow(x, p[0]) : StrictMath.pow(p[1] * x + p[2], p[0]);
    return switch (type) {
      case 0 -> power;
      case 1 -> p[1] * x + p[2] >= 0 ? power : 0;
      case 2 -> p[1] * x + p[2] >= 0 ? power + p[3] : p[3];
      case 3 -> x >= p[4] ? power : p[3] * x;
      default -> x >= p[4] ? power + p[5] : p[3] * x + p[6];
    };
  }

  /** Also what is not a number becomes 0. */
  private static float clipped(double value) {
    return value > 0 ? (float) Math.min(value, 1) : 0;
  }
}

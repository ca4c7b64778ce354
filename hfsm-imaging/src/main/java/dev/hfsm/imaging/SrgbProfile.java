package dev.hfsm.imaging;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a matrix profile says no more than that the picture is sRGB (IEC 61966-2-1), in
 * whatever way: then its pixels can stay as they are.
 */
final class SrgbProfile {

  private static final String[] COLORANTS = {"rXYZ", "gXYZ", "bXYZ"};
  private static final String[] CURVES = {"rTRC", "gTRC", "bTRC"};

  /** The primaries of sRGB under D50, as ICC's own profile has them. */
  private static final double[][] XYZ = {
    {0.4361, 0.2225, 0.0139}, {0.3851, 0.7169, 0.0971}, {0.1431, 0.0606, 0.7141}
  };

  /** Smaller than a step of 8 bits makes in the mid tones. */
  private static final double TOLERANCE = 0.0015;

  private final ByteBuffer in;

  private SrgbProfile(byte[] icc) {
    this.in = ByteBuffer.wrap(icc);
  }

  /** Takes a profile whose table of tags has been checked. */
  static boolean is(byte[] icc) {
    return new SrgbProfile(icc).matches();
  }

  private boolean matches() {
    if (tag("A2B0") != null) {
      return false;
    }
    for (int i = 0; i < 3; i++) {
      if (!colorant(tag(COLORANTS[i]), XYZ[i]) || !curve(tag(CURVES[i]))) {
        return false;
      }
    }
    return true;
  }

  private @Nullable ByteBuffer tag(String name) {
    int tags = in.getInt(128);
    for (int i = 0; i < tags; i++) {
      byte[] signature = new byte[4];
      in.get(132 + 12 * i, signature);
      if (new String(signature, StandardCharsets.ISO_8859_1).equals(name)) {
        return in.slice(in.getInt(136 + 12 * i), in.getInt(140 + 12 * i));
      }
    }
    return null;
  }

  private static boolean colorant(@Nullable ByteBuffer tag, double[] expected) {
    if (tag == null || tag.limit() < 20) {
      return false;
    }
    for (int i = 0; i < 3; i++) {
      if (Math.abs(tag.getInt(8 + 4 * i) / 65536.0 - expected[i]) > 2 * TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  private static boolean curve(@Nullable ByteBuffer tag) {
    if (tag == null || tag.limit() < 12) {
      return false;
    }
    String type =
        new String(
            new byte[] {tag.get(0), tag.get(1), tag.get(2), tag.get(3)},
            StandardCharsets.ISO_8859_1);
    for (int i = 0; i <= 16; i++) {
      double x = i / 16.0;
      double y = type.equals("curv") ? sampled(tag, x) : type.equals("para") ? formula(tag, x) : 9;
      if (!(Math.abs(y - light(x)) <= TOLERANCE)) {
        return false;
      }
    }
    return true;
  }

  private static double light(double x) {
    return x <= 0.04045 ? x / 12.92 : StrictMath.pow((x + 0.055) / 1.055, 2.4);
  }

  /** A table; one of fewer than 2 entries is a power, which sRGB is not. */
  private static double sampled(ByteBuffer tag, double x) {
    int count = tag.getInt(8);
    if (count < 2 || count > (tag.limit() - 12) / 2) {
      return 9;
    }
    double at = x * (count - 1);
    int i = Math.min(count - 2, (int) at);
    double a = (tag.getShort(12 + 2 * i) & 0xFFFF) / 65535.0;
    double b = (tag.getShort(14 + 2 * i) & 0xFFFF) / 65535.0;
    return a + (b - a) * (at - i);
  }

  /** The parametric curve with a linear part near black, type 3 of ICC.1. */
  private static double formula(ByteBuffer tag, double x) {
    if (tag.limit() < 32 || tag.getShort(8) != 3) {
      return 9;
    }
    double[] p = new double[5];
    for (int i = 0; i < 5; i++) {
      p[i] = tag.getInt(12 + 4 * i) / 65536.0;
    }
    return x >= p[4] ? StrictMath.pow(p[1] * x + p[2], p[0]) : p[3] * x;
  }
}

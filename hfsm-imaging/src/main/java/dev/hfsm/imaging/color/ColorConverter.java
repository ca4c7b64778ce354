package dev.hfsm.imaging.color;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts pictures to sRGB by a matrix/TRC or grey profile of ICC.1, version 2 or 4. A grey
 * picture stays grey. Colours sRGB does not have are clipped by channel. The same samples give the
 * same result on every machine. Immutable, and so safe for use by many threads.
 */
public final class ColorConverter {

  private static final Set<String> CLASSES = Set.of("mntr", "scnr", "spac", "prtr");
  private static final float SAME = 1 / 512f;

  private final float[][] light;
  private final float[] matrix;
  private final boolean srgb;

  private ColorConverter(float[][] light, float[] matrix) {
    this.light = light;
    this.matrix = matrix;
    this.srgb = nearSrgb();
  }

  /**
   * Reads a profile, which may be hostile: its tables lead to allocations of a few kilobytes at
   * most.
   *
   * @return empty if it is broken, or of a kind that is not converted here (look-up tables, inks)
   */
  public static Optional<ColorConverter> of(byte[] icc) {
    return IccTags.of(icc)
        .filter(tags -> CLASSES.contains(tags.deviceClass()))
        .filter(tags -> tags.connectionSpace().equals("XYZ "))
        .filter(tags -> !tags.has("A2B0") && !tags.has("A2B1") && !tags.has("D2B0"))
        .map(ColorConverter::read);
  }

  private static @Nullable ColorConverter read(IccTags tags) {
    return switch (tags.space()) {
      case "GRAY" -> grey(tags);
      case "RGB " -> color(tags);
      default -> null;
    };
  }

  private static @Nullable ColorConverter grey(IccTags tags) {
    float[] curve = Curve.table(tags.tag("kTRC"));
    return curve == null ? null : new ColorConverter(new float[][] {curve}, new float[] {1});
  }

  private static @Nullable ColorConverter color(IccTags tags) {
    float[][] curves = new float[3][];
    float[] matrix = new float[9];
    for (int c = 0; c < 3; c++) {
      String name = "rgb".substring(c, c + 1);
      float[] curve = Curve.table(tags.tag(name + "TRC"));
      double[] xyz = tags.xyz(name + "XYZ");
      if (curve == null || xyz == null) {
        return null;
      }
      curves[c] = curve;
      for (int row = 0; row < 3; row++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          sum += Srgb.FROM_XYZ[3 * row + k] * xyz[k];
        }
        matrix[3 * row + c] = (float) sum;
      }
    }
    return new ColorConverter(curves, matrix);
  }

  /** By effect, not by name: there are dozens of sRGB profiles, and wrong ones of that name. */
  private boolean nearSrgb() {
    for (int i = 0; i < matrix.length; i++) {
      float expected = i % 4 == 0 ? 1 : 0;
      if (Math.abs(matrix[i] - expected) > SAME) {
        return false;
      }
    }
    for (float[] curve : light) {
      for (int i = 0; i <= Curve.LAST; i++) {
        if (Math.abs(Srgb.encodedFloat(curve[i]) - (float) i / Curve.PARTS) > 1) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether it is a profile of grey pictures; else it is one of RGB. */
  public boolean grey() {
    return light.length == 1;
  }

  /** Whether the profile is sRGB, or so near that converting changes nothing worth it. */
  public boolean srgb() {
    return srgb;
  }

  /**
   * Converts pixels in place: 1 sample each if {@link #grey()}, else 3.
   *
   * @param data 8-bit samples
   * @param offset of the first pixel's first sample
   * @param pixels how many
   * @param stride from one pixel to the next, in samples; those between, such as alpha, stay
   */
  public void bytes(byte[] data, int offset, int pixels, int stride) {
    if (grey()) {
      greyBytes(data, offset, pixels, stride);
      return;
    }
    float[] r = light[0];
    float[] g = light[1];
    float[] b = light[2];
    float[] m = matrix.clone();
    for (int i = 0, p = offset; i < pixels; i++, p += stride) {
      float x = r[(data[p] & 0xFF) * Curve.PARTS];
      float y = g[(data[p + 1] & 0xFF) * Curve.PARTS];
      float z = b[(data[p + 2] & 0xFF) * Curve.PARTS];
      data[p] = Srgb.encodedByte(m[0] * x + m[1] * y + m[2] * z);
      data[p + 1] = Srgb.encodedByte(m[3] * x + m[4] * y + m[5] * z);
      data[p + 2] = Srgb.encodedByte(m[6] * x + m[7] * y + m[8] * z);
    }
  }

  private void greyBytes(byte[] data, int offset, int pixels, int stride) {
    byte[] table = new byte[256];
    for (int i = 0; i < 256; i++) {
      table[i] = Srgb.encodedByte(light[0][i * Curve.PARTS]);
    }
    for (int i = 0, p = offset; i < pixels; i++, p += stride) {
      data[p] = table[data[p] & 0xFF];
    }
  }

  /**
   * Converts the first {@code n} pixels of a row in place; samples are of 0 to 255, and clipped to
   * that.
   *
   * @throws IllegalStateException if the profile is one of grey pictures
   */
  public void row(float[] r, float[] g, float[] b, int n) {
    if (grey()) {
      throw new IllegalStateException("a grey profile does not convert RGB");
    }
    float[] m = matrix.clone();
    for (int i = 0; i < n; i++) {
      float x = lightOf(light[0], r[i]);
      float y = lightOf(light[1], g[i]);
      float z = lightOf(light[2], b[i]);
      r[i] = Srgb.encodedFloat(m[0] * x + m[1] * y + m[2] * z);
      g[i] = Srgb.encodedFloat(m[3] * x + m[4] * y + m[5] * z);
      b[i] = Srgb.encodedFloat(m[6] * x + m[7] * y + m[8] * z);
    }
  }

  /**
   * Converts the first {@code n} pixels of a grey row in place; samples are of 0 to 255, and
   * clipped to that.
   *
   * @throws IllegalStateException if the profile is one of RGB pictures
   */
  public void row(float[] grey, int n) {
    if (!grey()) {
      throw new IllegalStateException("an RGB profile does not convert grey");
    }
    for (int i = 0; i < n; i++) {
      grey[i] = Srgb.encodedFloat(lightOf(light[0], grey[i]));
    }
  }

  private static float lightOf(float[] curve, float value) {
    float at = value > 0 ? Math.min(value, 255) * Curve.PARTS : 0;
    int i = Math.min((int) at, Curve.LAST - 1);
    return curve[i] + (curve[i + 1] - curve[i]) * (at - i);
  }

  @Override
  public String toString() {
    return (grey() ? "grey" : "RGB " + Arrays.toString(matrix)) + " to sRGB";
  }
}

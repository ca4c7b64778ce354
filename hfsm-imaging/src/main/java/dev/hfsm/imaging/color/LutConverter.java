package dev.hfsm.imaging.color;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts pictures to sRGB by the look-up tables of a profile of ICC.1, version 2 or 4: grey, RGB
 * or CMYK, by way of Lab or XYZ; the types {@code mft1}, {@code mft2} and {@code mAB}. Between the
 * points of a table it interpolates in tetrahedra, of four inks along the first one besides.
 * Printer profiles are used relative to the paper's white, others as their makers meant it for
 * pictures. Colours sRGB does not have are clipped by channel. The same samples give the same
 * result on every machine. Immutable, and so safe for use by many threads.
 */
public final class LutConverter {

  private static final Set<String> CLASSES = Set.of("mntr", "scnr", "spac", "prtr");
  private static final float[] WHITE = {0.9642f, 1, 0.8249f};
  private static final float MOST_XYZ = 1 + 32767f / 32768;

  private final LutStages stages;
  private final boolean lab;

  private LutConverter(LutStages stages, boolean lab) {
    this.stages = stages;
    this.lab = lab;
  }

  /**
   * Reads a profile, which may be hostile. The array is kept and must not change; besides, some
   * hundred kilobytes are allocated at most.
   *
   * @return empty if it is broken, or has no such tables
   */
  public static Optional<LutConverter> of(byte[] icc) {
    return IccTags.of(icc)
        .filter(tags -> CLASSES.contains(tags.deviceClass()))
        .flatMap(LutConverter::read);
  }

  private static Optional<LutConverter> read(IccTags tags) {
    int channels =
        switch (tags.space()) {
          case "GRAY" -> 1;
          case "RGB " -> 3;
          case "CMYK" -> 4;
          default -> 0;
        };
    boolean lab = tags.connectionSpace().equals("Lab ");
    if (channels == 0 || !lab && !tags.connectionSpace().equals("XYZ ")) {
      return Optional.empty();
    }
    boolean printer = tags.deviceClass().equals("prtr");
    @Nullable ByteBuffer tag = tags.tag(printer ? "A2B1" : "A2B0");
    LutStages stages = LutStages.of(tag == null ? tags.tag("A2B0") : tag, channels);
    return Optional.ofNullable(stages).map(known -> new LutConverter(known, lab));
  }

  /** Samples of a pixel: 1 (grey), 3 (RGB) or 4 (inks, of which 0 is none). */
  public int channels() {
    return stages.channels();
  }

  /**
   * Converts pixels to three samples each.
   *
   * @param from 8-bit samples, {@code stride} from one pixel to the next
   * @param to where red, green and blue go, {@code step} from one pixel to the next
   */
  public void bytes(
      byte[] from, int offset, int stride, byte[] to, int target, int step, int pixels) {
    float[] color = new float[3];
    int last = 0;
    double[] m = Srgb.FROM_XYZ;
    for (int i = 0, p = offset, q = target; i < pixels; i++, p += stride, q += step) {
      int pixel = pixel(from, p);
      if (i > 0 && pixel == last) {
        System.arraycopy(to, q - step, to, q, 3);
        continue;
      }
      last = pixel;
      stages.apply(from, p, color);
      toXyz(color);
      float x = color[0];
      float y = color[1];
      float z = color[2];
      to[q] = Srgb.encodedByte((float) (m[0] * x + m[1] * y + m[2] * z));
      to[q + 1] = Srgb.encodedByte((float) (m[3] * x + m[4] * y + m[5] * z));
      to[q + 2] = Srgb.encodedByte((float) (m[6] * x + m[7] * y + m[8] * z));
    }
  }

  private int pixel(byte[] from, int at) {
    int pixel = 0;
    for (int c = 0; c < stages.channels(); c++) {
      pixel = pixel << 8 | from[at + c] & 0xFF;
    }
    return pixel;
  }

  private void toXyz(float[] color) {
    if (!lab) {
      for (int c = 0; c < 3; c++) {
        color[c] *= MOST_XYZ;
      }
      return;
    }
    float scale = stages.labScale();
    float y = (color[0] * scale * 100 + 16) / 116;
    float x = y + (color[1] * scale * 255 - 128) / 500;
    float z = y - (color[2] * scale * 255 - 128) / 200;
    color[0] = WHITE[0] * cubed(x);
    color[1] = WHITE[1] * cubed(y);
    color[2] = WHITE[2] * cubed(z);
  }

  private static float cubed(float t) {
    return t > 6f / 29 ? t * t * t : 108f / 841 * (t - 16f / 116);
  }
}

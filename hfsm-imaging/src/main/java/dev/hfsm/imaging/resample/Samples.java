package dev.hfsm.imaging.resample;

/**
 * Turns rows of bytes into rows of floats and back. Samples go from 0 to 255 on both sides. Where
 * the last of 2 or 4 channels is alpha, colours are multiplied by it on the way in and divided by
 * it on the way out, because colour that cannot be seen must not bleed into what can.
 */
public final class Samples {

  private Samples() {}

  /** {@code n} samples as they are. */
  public static void widen(byte[] from, int offset, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[offset + i] & 0xFF;
    }
  }

  /** {@code n} samples, rounded and clamped to 0 to 255. */
  public static void narrow(float[] from, byte[] to, int offset, int n) {
    for (int i = 0; i < n; i++) {
      to[offset + i] = (byte) round(from[i]);
    }
  }

  /** {@code n} pixels of grey and alpha, or of red, green, blue and alpha. */
  public static void premultiply(byte[] from, int offset, int channels, float[] to, int n) {
    int colors = channels - 1;
    int p = 0;
    int q = offset;
    for (int i = 0; i < n; i++) {
      int alpha = from[q + colors] & 0xFF;
      float share = alpha / 255f;
      for (int c = 0; c < colors; c++) {
        to[p++] = (from[q++] & 0xFF) * share;
      }
      to[p++] = alpha;
      q++;
    }
  }

  /** The reverse; a pixel whose alpha rounds to 0 has no colour. */
  public static void unmultiply(float[] from, int channels, byte[] to, int offset, int n) {
    int colors = channels - 1;
    int p = 0;
    int q = offset;
    for (int i = 0; i < n; i++) {
      float exact = from[p + colors];
      int alpha = round(exact);
      float share = alpha == 0 ? 0 : 255 / exact;
      for (int c = 0; c < colors; c++) {
        to[q++] = (byte) round(from[p++] * share);
      }
      to[q++] = (byte) alpha;
      p++;
    }
  }

  private static int round(float sample) {
    return sample <= 0 ? 0 : sample >= 255 ? 255 : (int) (sample + 0.5f);
  }
}

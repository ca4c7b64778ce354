package dev.hfsm.imaging.jpeg;

/**
 * Turns the planes of a whole picture at full size into pixels as libjpeg does it: samples rounded,
 * colour differences brought to the size of the picture (smoothly where libjpeg has a smooth
 * filter: twice as many columns, rows, or both), then the matrix of BT.601 in fixed point.
 */
public final class JpegPixels {

  /** Adding and taking away 1.5 * 2^23 leaves a float of modest size rounded to a whole number. */
  private static final float WHOLE = 12_582_912f;

  private JpegPixels() {}

  /**
   * The samples of all components side by side, without any change of colours.
   *
   * @param frame of the picture
   * @param planes all components at full size, of the whole picture
   */
  public static byte[] interleaved(JpegFrame frame, JpegPlanes planes) {
    int count = frame.components().size();
    byte[] pixels = new byte[Math.multiplyExact(frame.width() * count, frame.height())];
    for (int c = 0; c < count; c++) {
      Upsampler up = new Upsampler(frame, c, planes);
      for (int y = 0; y < frame.height(); y++) {
        int[] row = up.row(y);
        int at = y * frame.width() * count + c;
        for (int x = 0; x < frame.width(); x++, at += count) {
          pixels[at] = (byte) row[x];
        }
      }
    }
    return pixels;
  }

  /** YCbCr pixels become RGB, in place. */
  public static void toRgb(byte[] pixels) {
    for (int i = 0; i + 2 < pixels.length; i += 3) {
      int y = pixels[i] & 0xFF;
      int cb = (pixels[i + 1] & 0xFF) - 128;
      int cr = (pixels[i + 2] & 0xFF) - 128;
      pixels[i] = clamped(y + (91881 * cr + 32768 >> 16));
      pixels[i + 1] = clamped(y + (-22554 * cb - 46802 * cr + 32768 >> 16));
      pixels[i + 2] = clamped(y + (116130 * cb + 32768 >> 16));
    }
  }

  /**
   * Makes RGB of one row, in place, with the very results of {@link #toRgb(byte[])}: all numbers in
   * between are whole, or whole after a division by 65536, and small enough for a {@code float} to
   * be exact. Short loops over few arrays, because only those become vector code.
   *
   * @param y brightness on the way in, each from 0 to 255 and not rounded; red on the way out
   * @param cb colour on the way in; green on the way out
   * @param cr colour on the way in; blue on the way out
   * @param spare overwritten; all four are equally long
   */
  public static void toRgb(float[] y, float[] cb, float[] cr, float[] spare) {
    int n = y.length;
    rounded(y, 0, n);
    rounded(cb, 128, n);
    rounded(cr, 128, n);
    mix(cb, 116130, cr, 0, spare, n);
    mix(cb, -22554, cr, -46802, cb, n);
    mix(cr, 91881, cr, 0, cr, n);
    for (int i = 0; i < n; i++) {
      cb[i] = Math.max(0f, Math.min(255f, y[i] + cb[i]));
    }
    for (int i = 0; i < n; i++) {
      float blue = Math.max(0f, Math.min(255f, y[i] + spare[i]));
      spare[i] = blue;
    }
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(0f, Math.min(255f, y[i] + cr[i]));
    }
    System.arraycopy(spare, 0, cr, 0, n);
  }

  /** To the nearest whole number, halves upwards, less an offset; for 0 to 255. */
  private static void rounded(float[] row, float less, int n) {
    for (int i = 0; i < n; i++) {
      float value = row[i] + 0.5f;
      float near = value + WHOLE - WHOLE;
      // 1 if that is too large, be it by as little as floats of this size can differ.
      float over = Math.min(1f, Math.max(0f, (near - value) * 16_777_216f));
      row[i] = near - over - less;
    }
  }

  /** {@code a * p + b * q + 32768 >> 16}. */
  private static void mix(float[] a, float p, float[] b, float q, float[] into, int n) {
    for (int i = 0; i < n; i++) {
      float value = (a[i] * p + b[i] * q + 32768f) * (1 / 65536f);
      float near = value + WHOLE - WHOLE;
      float over = Math.min(1f, Math.max(0f, (near - value) * 65536f));
      into[i] = near - over;
    }
  }

  /** Samples, each from 0 to 255, as whole numbers. */
  public static void rounded(float[] samples, int[] into) {
    for (int x = 0; x < samples.length; x++) {
      into[x] = (int) (samples[x] + 0.5f);
    }
  }

  private static byte clamped(int value) {
    return (byte) limited(value);
  }

  private static int limited(int value) {
    return Math.max(0, Math.min(255, value));
  }
}

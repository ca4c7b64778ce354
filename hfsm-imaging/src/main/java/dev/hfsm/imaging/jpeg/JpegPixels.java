package dev.hfsm.imaging.jpeg;

/**
 * Turns the planes of a whole picture at full size into pixels as libjpeg does it: samples rounded,
 * colour differences brought to the size of the picture (smoothly where libjpeg has a smooth
 * filter: twice as many columns, rows, or both), then the matrix of BT.601 in fixed point.
 */
public final class JpegPixels {

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

  private static byte clamped(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}

package dev.hfsm.imaging;

/**
 * Finds the border of one colour around a picture whose rows come from top to bottom. The colour is
 * that of the pixel at the left top; a pixel belongs to the border if none of its samples is
 * further from it than the tolerance, colours being compared as far as they can be seen
 * (premultiplied). What is left is the smallest rectangle with all other pixels in it; of a picture
 * without any, everything is left.
 */
final class Trim {

  private final int width;
  private final int height;
  private final int channels;
  private final int tolerance;
  private final int[] border;
  private int left;
  private int right = -1;
  private int top = -1;
  private int bottom = -1;
  private int rows;

  /**
   * @param channels 1 to 4; if even, the last one is alpha
   * @param percent of the range of samples, rounded down
   */
  Trim(int width, int height, int channels, int percent) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.tolerance = 255 * percent / 100;
    this.border = new int[channels];
    this.left = width;
  }

  /** Takes the next row of samples, not premultiplied. */
  void row(byte[] samples) {
    if (rows == 0) {
      for (int c = 0; c < channels; c++) {
        border[c] = seen(samples, 0, c);
      }
    }
    int first = 0;
    while (first < width && isBorder(samples, first)) {
      first++;
    }
    if (first < width) {
      int last = width - 1;
      while (isBorder(samples, last)) {
        last--;
      }
      left = Math.min(left, first);
      right = Math.max(right, last);
      top = top < 0 ? rows : top;
      bottom = rows;
    }
    rows++;
  }

  private boolean isBorder(byte[] samples, int x) {
    for (int c = 0; c < channels; c++) {
      if (Math.abs(seen(samples, x * channels, c) - border[c]) > tolerance) {
        return false;
      }
    }
    return true;
  }

  private int seen(byte[] samples, int pixel, int channel) {
    int value = samples[pixel + channel] & 0xFF;
    boolean color = channels % 2 == 0 && channel < channels - 1;
    return color ? (value * (samples[pixel + channels - 1] & 0xFF) + 127) / 255 : value;
  }

  /** What is left, once all rows came. */
  Rectangle kept() {
    return right < 0
        ? new Rectangle(width, height)
        : new Rectangle(left, top, right - left + 1, bottom - top + 1);
  }
}

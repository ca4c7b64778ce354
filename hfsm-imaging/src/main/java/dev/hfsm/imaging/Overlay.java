package dev.hfsm.imaging;

import dev.hfsm.transform.Gravity;
import dev.hfsm.transform.Watermark;

/** Takes colours away, and lays one picture over another. */
final class Overlay {

  /** A watermark keeps this part of the shorter side away from the edge, where there is room. */
  private static final int MARGIN = 40;

  private Overlay() {}

  /** Brightness by ITU-R BT.601 in place of colours: one channel if there is no alpha. */
  static Canvas grey(Canvas canvas) {
    int n = canvas.channels;
    if (n == 1) {
      return canvas;
    }
    Canvas result = new Canvas(canvas.width, canvas.height, n == 4 ? 4 : 1);
    byte[] from = canvas.data;
    for (int p = 0, q = 0; p < from.length; p += n, q += result.channels) {
      byte light = (byte) light(from[p] & 0xFF, from[p + 1] & 0xFF, from[p + 2] & 0xFF);
      result.data[q] = light;
      if (n == 4) {
        result.data[q + 1] = light;
        result.data[q + 2] = light;
        result.data[q + 3] = from[p + 3];
      }
    }
    return result;
  }

  /** Brightness by ITU-R BT.601 of 0 to 255. */
  static int light(int r, int g, int b) {
    return 19595 * r + 38470 * g + 7471 * b + 32768 >> 16;
  }

  /** How wide a watermark is on a picture of that width. */
  static int markWidth(int width, Watermark watermark) {
    return (int) Math.max(1, (width * (long) watermark.scale() + 50) / 100);
  }

  /**
   * Lays a watermark over a picture, which keeps its alpha.
   *
   * @param mark not larger than the picture
   */
  static Canvas marked(Canvas canvas, Canvas mark, Watermark how) {
    Canvas base = mark.channels == 1 && canvas.channels == 1 ? canvas : canvas.withColor();
    Canvas over = mark.withAlpha();
    Gravity at = how.at();
    int margin = Math.min(base.width, base.height) / MARGIN;
    int slackX = base.width - over.width;
    int slackY = base.height - over.height;
    int marginX = Math.min(margin, slackX / 2);
    int marginY = Math.min(margin, slackY / 2);
    int left = marginX + at.alongX(slackX - 2 * marginX);
    int top = marginY + at.alongY(slackY - 2 * marginY);
    Canvas result = new Canvas(base.width, base.height, base.channels, base.data.clone());
    for (int y = 0; y < over.height; y++) {
      for (int x = 0; x < over.width; x++) {
        int to = ((top + y) * base.width + left + x) * base.channels;
        blend(result, to, over.data, (y * over.width + x) * 4, how.opacity());
      }
    }
    return result;
  }

  /** Porter and Duff's "over" of colours that are not premultiplied. */
  private static void blend(Canvas under, int to, byte[] over, int from, int opacity) {
    int colors = Math.min(3, under.channels);
    boolean alpha = under.channels == 4;
    int a = (over[from + 3] & 0xFF) * opacity;
    int below = alpha ? under.data[to + 3] & 0xFF : 255;
    // In units of 1 / (255 * 25500).
    long upper = 255L * a;
    long lower = (25500L - a) * below;
    long sum = upper + lower;
    if (a == 0 || sum == 0) {
      return;
    }
    for (int c = 0; c < colors; c++) {
      long value = (over[from + c] & 0xFF) * upper + (under.data[to + c] & 0xFF) * lower;
      under.data[to + c] = (byte) ((value + sum / 2) / sum);
    }
    if (alpha) {
      under.data[to + 3] = (byte) ((sum + 12750) / 25500);
    }
  }
}

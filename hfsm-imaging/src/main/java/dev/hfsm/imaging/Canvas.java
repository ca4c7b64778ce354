package dev.hfsm.imaging;

import dev.hfsm.transform.Color;
import java.util.Arrays;

/**
 * A finished picture: 8-bit samples side by side, 1 (grey), 3 (RGB) or 4 (RGB and alpha, not
 * premultiplied; CMYK until it is converted) of them a pixel.
 */
final class Canvas {

  final int width;
  final int height;
  final int channels;
  final byte[] data;

  Canvas(int width, int height, int channels) {
    this(width, height, channels, new byte[Math.multiplyExact(width * channels, height)]);
  }

  Canvas(int width, int height, int channels, byte[] data) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.data = data;
  }

  /** Turned and mirrored. */
  Canvas turned(Turn turn) {
    if (turn.equals(Turn.NONE)) {
      return this;
    }
    int w = turn.swaps() ? height : width;
    int h = turn.swaps() ? width : height;
    Canvas result = new Canvas(w, h, channels);
    for (int y = 0; y < h; y++) {
      int b = turn.flipY() ? h - 1 - y : y;
      for (int x = 0; x < w; x++) {
        int a = turn.flipX() ? w - 1 - x : x;
        int from = (turn.swaps() ? a * width + b : b * width + a) * channels;
        int to = (y * w + x) * channels;
        for (int c = 0; c < channels; c++) {
          result.data[to + c] = data[from + c];
        }
      }
    }
    return result;
  }

  /** On a larger canvas of one colour, which may be transparent. */
  Canvas placed(int canvasWidth, int canvasHeight, int left, int top, Color background) {
    if (canvasWidth == width && canvasHeight == height) {
      return this;
    }
    boolean alpha = channels == 4 || background.alpha() != 255;
    Canvas picture = alpha ? withAlpha() : withColor();
    Canvas result = new Canvas(canvasWidth, canvasHeight, picture.channels);
    byte[] color = {
      (byte) background.red(),
      (byte) background.green(),
      (byte) background.blue(),
      (byte) background.alpha()
    };
    for (int p = 0; p < result.data.length; p += result.channels) {
      System.arraycopy(color, 0, result.data, p, result.channels);
    }
    int row = width * result.channels;
    for (int y = 0; y < height; y++) {
      int to = ((top + y) * canvasWidth + left) * result.channels;
      System.arraycopy(picture.data, y * row, result.data, to, row);
    }
    return result;
  }

  /** Over a colour; opaque if the colour is. */
  Canvas over(Color background) {
    if (channels != 4) {
      return this;
    }
    boolean opaque = background.alpha() == 255;
    Canvas result = new Canvas(width, height, opaque ? 3 : 4);
    int[] under = {background.red(), background.green(), background.blue()};
    for (int i = 0, p = 0, q = 0; i < width * height; i++, p += 4, q += result.channels) {
      int a = data[p + 3] & 0xFF;
      int rest = (255 - a) * background.alpha();
      int total = a * 255 + rest;
      for (int c = 0; c < 3; c++) {
        int sum = (data[p + c] & 0xFF) * a * 255 + under[c] * rest;
        result.data[q + c] = (byte) (total == 0 ? 0 : (sum + total / 2) / total);
      }
      if (!opaque) {
        result.data[q + 3] = (byte) ((total + 127) / 255);
      }
    }
    return result;
  }

  /** With an alpha channel. */
  Canvas withAlpha() {
    return channels == 4 ? this : widened(4);
  }

  /** With three channels at least. */
  Canvas withColor() {
    return channels >= 3 ? this : widened(3);
  }

  private Canvas widened(int target) {
    Canvas result = new Canvas(width, height, target);
    Arrays.fill(result.data, (byte) 255);
    for (int i = 0, p = 0, q = 0; i < width * height; i++, p += channels, q += target) {
      for (int c = 0; c < 3; c++) {
        result.data[q + c] = data[p + (channels == 1 ? 0 : c)];
      }
    }
    return result;
  }

  /** Reads a row as floats of 0 to 255, premultiplied if there is alpha. */
  void load(int y, float[] row) {
    int p = y * width * channels;
    if (channels != 4) {
      for (int i = 0; i < width * channels; i++) {
        row[i] = data[p + i] & 0xFF;
      }
      return;
    }
    for (int i = 0; i < 4 * width; i += 4, p += 4) {
      float a = (data[p + 3] & 0xFF) / 255f;
      row[i] = (data[p] & 0xFF) * a;
      row[i + 1] = (data[p + 1] & 0xFF) * a;
      row[i + 2] = (data[p + 2] & 0xFF) * a;
      row[i + 3] = data[p + 3] & 0xFF;
    }
  }

  /** Writes a row of such floats. */
  void store(int y, float[] row, boolean premultiplied) {
    int p = y * width * channels;
    if (!premultiplied) {
      for (int i = 0; i < width * channels; i++) {
        data[p + i] = quantized(row[i]);
      }
      return;
    }
    for (int i = 0; i < 4 * width; i += 4, p += 4) {
      float a = row[i + 3];
      byte alpha = quantized(a);
      float scale = alpha == 0 ? 0 : 255 / a;
      data[p] = quantized(row[i] * scale);
      data[p + 1] = quantized(row[i + 1] * scale);
      data[p + 2] = quantized(row[i + 2] * scale);
      data[p + 3] = alpha;
    }
  }

  /** Writes a row of grey and alpha, premultiplied, as colour and alpha. */
  void storeGreyAlpha(int y, float[] row) {
    int p = y * width * channels;
    for (int i = 0; i < 2 * width; i += 2, p += 4) {
      float a = row[i + 1];
      byte alpha = quantized(a);
      byte grey = quantized(alpha == 0 ? 0 : row[i] * (255 / a));
      data[p] = grey;
      data[p + 1] = grey;
      data[p + 2] = grey;
      data[p + 3] = alpha;
    }
  }

  /** Writes one channel of a row of floats of 0 to 255. */
  void store(int channel, int y, float[] row) {
    int p = y * width * channels + channel;
    for (int x = 0; x < width; x++, p += channels) {
      data[p] = quantized(row[x]);
    }
  }

  private static byte quantized(float value) {
    return (byte) (value <= 0 ? 0 : value >= 255 ? 255 : (int) (value + 0.5f));
  }
}

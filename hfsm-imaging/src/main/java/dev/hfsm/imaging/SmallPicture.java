package dev.hfsm.imaging;

import dev.hfsm.imaging.placeholder.Thumbnail;
import dev.hfsm.imaging.resample.Axis;
import dev.hfsm.imaging.resample.Filter;
import dev.hfsm.imaging.resample.Resampler;
import dev.hfsm.transform.Budget;
import java.io.IOException;

/** Makes a picture small enough for placeholders from its rows, not yet converted to sRGB. */
final class SmallPicture {

  private final Strip.Model model;
  private final int width;
  private final Canvas canvas;
  private final float[] floats;
  private final Resampler resampler;

  SmallPicture(Strip.Model model, int width, int height, Budget budget) {
    this.model = model;
    this.width = width;
    int longer = Math.max(width, height);
    Axis across = Axis.whole(width, side(width, longer));
    Axis down = Axis.whole(height, side(height, longer));
    boolean alpha = model == Strip.Model.RGBA;
    this.canvas = new Canvas(across.count(), down.count(), model.channels);
    this.floats = new float[width * model.channels];
    this.resampler =
        new Resampler(
            model.channels,
            across,
            down,
            Filter.LANCZOS3,
            (y, row) -> canvas.store(y, row, alpha),
            budget::check);
  }

  private static int side(int side, int longer) {
    long most = Math.min(longer, Thumbnail.MAX_SIDE);
    return (int) Math.max(1, (2 * side * most + longer) / (2L * longer));
  }

  /** Bytes that it takes. */
  static long bytes(int width, int height) {
    int longer = Math.max(width, height);
    Axis across = Axis.whole(width, side(width, longer));
    Axis down = Axis.whole(height, side(height, longer));
    return Resampler.bytes(4, across, down, Filter.LANCZOS3) + 16L * width + (1 << 17);
  }

  /** The next row: four samples of 8 bits a pixel, of which the model's count. */
  void row(byte[] samples) throws IOException {
    int channels = model.channels;
    boolean alpha = model == Strip.Model.RGBA;
    for (int x = 0, p = 0, q = 0; x < width; x++, p += 4, q += channels) {
      float share = alpha ? (samples[p + 3] & 0xFF) / 255f : 1;
      for (int c = 0; c < channels; c++) {
        floats[q + c] = (samples[p + c] & 0xFF) * (c == 3 ? 1 : share);
      }
    }
    resampler.row(floats, 0);
  }

  Strip.Model model() {
    return model;
  }

  /** Once all rows came. */
  Canvas canvas() {
    return canvas;
  }
}

package dev.hfsm.imaging.gif;

import dev.hfsm.imaging.gif.GifFrame.Disposal;
import java.util.Arrays;

/**
 * Shows the frames of a GIF one after another on a canvas, as browsers do: what no frame covers is
 * transparent, whatever the file calls its background. For use by one thread.
 */
public final class GifPlayer {

  private static final int[] FIRST = {0, 4, 2, 1};
  private static final int[] STEP = {8, 8, 4, 2};

  private final GifFile file;
  private final Runnable check;
  private final LzwDecoder decoder;
  private final int[] canvas;
  private final int[] saved;
  private final int[] palette = new int[256];
  private int shown;

  /** What is there, before the first frame. */
  public GifPlayer(GifFile file, Runnable check) {
    this.file = file;
    this.check = check;
    this.decoder = new LzwDecoder(file.in());
    this.canvas = new int[Math.multiplyExact(file.width(), file.height())];
    this.saved = file.restores() ? new int[canvas.length] : new int[0];
  }

  /** Bytes that a player takes. */
  public static long bytes(GifFile file) {
    return (file.restores() ? 8L : 4L) * file.width() * file.height() + (1 << 16);
  }

  /**
   * The pixels that are seen, ARGB, not premultiplied, alpha 0 or 255; changed by the next call.
   */
  public int[] canvas() {
    return canvas;
  }

  /** How long the frame is seen, in hundredths of a second. */
  public int delay() {
    return file.frame(shown - 1).delay();
  }

  /**
   * Shows the next frame.
   *
   * @return false if there is none, or if it is damaged and not the first
   * @throws GifException if the first frame is damaged
   */
  public boolean next() throws GifException {
    if (shown == file.frames()) {
      return false;
    }
    if (shown > 0) {
      dispose(file.frame(shown - 1));
    }
    GifFrame frame = file.frame(shown);
    if (frame.disposal() == Disposal.RESTORE) {
      System.arraycopy(canvas, 0, saved, 0, canvas.length);
    }
    try {
      colors(frame);
      draw(frame);
    } catch (GifException e) {
      if (shown == 0) {
        throw e;
      }
      return false;
    }
    shown++;
    return true;
  }

  private void dispose(GifFrame frame) {
    int from = Math.min(frame.left(), file.width());
    int to = Math.min(frame.left() + frame.width(), file.width());
    int end = Math.min(frame.top() + frame.height(), file.height());
    for (int y = frame.top(); y < end; y++) {
      int row = y * file.width();
      if (frame.disposal() == Disposal.CLEAR) {
        Arrays.fill(canvas, row + from, row + to, 0);
      } else if (frame.disposal() == Disposal.RESTORE) {
        System.arraycopy(saved, row + from, canvas, row + from, to - from);
      }
    }
  }

  private void colors(GifFrame frame) throws GifException {
    Arrays.fill(palette, 0xFF000000);
    Window in = file.in();
    for (int i = 0; i < frame.paletteSize(); i++) {
      long at = frame.paletteAt() + 3L * i;
      palette[i] = 0xFF000000 | in.u8(at) << 16 | in.u8(at + 1) << 8 | in.u8(at + 2);
    }
    if (frame.paletteSize() == 0) {
      // The specification leaves it to the reader: black and white.
      palette[1] = 0xFFFFFFFF;
    }
  }

  private void draw(GifFrame frame) throws GifException {
    Raster raster = new Raster(frame);
    decoder.decode(frame.dataAt(), raster);
    if (!raster.complete()) {
      throw new GifException("the file is truncated: rows of a frame are missing");
    }
  }

  /** Puts the pixels of a frame where they belong, whether or not they lie on the canvas. */
  private final class Raster implements LzwDecoder.Sink {

    private final GifFrame frame;
    private int x;
    private int y;
    private int pass;

    Raster(GifFrame frame) {
      this.frame = frame;
    }

    boolean complete() {
      return y >= frame.height();
    }

    @Override
    public boolean pixels(byte[] indices, int count) {
      int from = 0;
      while (from < count && !complete()) {
        int n = Math.min(count - from, frame.width() - x);
        put(indices, from, n);
        from += n;
        x += n;
        if (x == frame.width()) {
          x = 0;
          nextRow();
        }
      }
      return !complete();
    }

    private void put(byte[] indices, int from, int n) {
      int row = frame.top() + y;
      int left = frame.left() + x;
      int fitting = Math.min(n, file.width() - left);
      if (row >= file.height()) {
        return;
      }
      int to = row * file.width() + left;
      for (int i = 0; i < fitting; i++) {
        int index = indices[from + i] & 0xFF;
        if (index != frame.transparent()) {
          canvas[to + i] = palette[index];
        }
      }
    }

    private void nextRow() {
      check.run();
      if (!frame.interlaced()) {
        y++;
        return;
      }
      y += STEP[pass];
      while (y >= frame.height() && pass < 3) {
        pass++;
        y = FIRST[pass];
      }
    }
  }
}

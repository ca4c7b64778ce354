package dev.hfsm.imaging;

import dev.hfsm.imaging.gif.GifWriter;
import dev.hfsm.transform.Budget;
import java.io.IOException;
import java.util.OptionalInt;

/** Writes a GIF. Delays are rounded to hundredths of a second. */
final class GifFrameWriter implements FrameWriter {

  private static final int LONGEST = 65_535;

  private final CappedOutput out;
  private final GifWriter writer;

  GifFrameWriter(int width, int height, OptionalInt loops, CappedOutput out, Budget budget)
      throws IOException {
    this.out = out;
    this.writer = new GifWriter(width, height, loops, out, budget::check);
  }

  @Override
  public void frame(Canvas canvas, int millis) throws IOException {
    writer.frame(canvas.data, Math.min(LONGEST, (millis + 5) / 10));
  }

  @Override
  public byte[] finish() throws IOException {
    writer.finish();
    return out.toByteArray();
  }
}

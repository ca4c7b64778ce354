package dev.hfsm.imaging.jpeg;

import dev.hfsm.imaging.jpeg.JpegFrame.Blocks;

/** Collects the samples of one component for one output until a row of MCUs is complete. */
final class PlaneRows {

  private final JpegPlane plane;
  private final JpegSink sink;
  private final Blocks blocks;
  private final float[] factors;
  private final float[] buffer;
  private final float[] work = new float[64];
  private final int samples;
  private final int stride;

  /** The first row of blocks that the buffer holds. */
  private int top;

  PlaneRows(
      JpegFrame frame,
      JpegRegion region,
      int component,
      JpegScale scale,
      int[] table,
      JpegSink to) {
    this.plane = frame.plane(component, scale, region);
    this.sink = to;
    this.blocks = frame.blocks(component, region);
    this.samples = scale.samples();
    this.factors = Idct.factors(samples, table);
    this.stride = blocks.across() * samples;
    this.buffer = new float[stride * samples * frame.components().get(component).down()];
  }

  /** Bytes of the buffer. */
  static long bytes(JpegFrame frame, JpegRegion region, int component, JpegScale scale) {
    long stride = (long) frame.blocks(component, region).across() * scale.samples();
    return 4 * stride * scale.samples() * frame.components().get(component).down() + 1024;
  }

  Blocks blocks() {
    return blocks;
  }

  /** Says which row of blocks comes first. */
  void begin(int row) {
    top = Math.max(row, blocks.top());
  }

  /** Takes the coefficients of a block, in zigzag order; those of others are ignored. */
  void put(int[] coefficients, boolean flat, int x, int y) {
    if (x >= blocks.left() && x < blocks.right() && y >= top && y < blocks.bottom()) {
      int at = (y - top) * samples * stride + (x - blocks.left()) * samples;
      Idct.put(samples, coefficients, factors, flat, work, buffer, at, stride);
    }
  }

  /** Delivers what lies before a row of blocks. */
  void end(int row) {
    int bottom = Math.min(row, blocks.bottom());
    if (bottom <= top) {
      return;
    }
    int y = top * samples - plane.y();
    int rows = Math.min((bottom - top) * samples, plane.height() - y);
    float[] all = buffer;
    int end = rows * stride;
    for (int i = 0; i < end; i++) {
      all[i] = Math.max(0f, Math.min(255f, all[i]));
    }
    sink.rows(plane, y, rows, all, stride);
  }
}

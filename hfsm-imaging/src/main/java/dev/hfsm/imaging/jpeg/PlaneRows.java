package dev.hfsm.imaging.jpeg;

import dev.hfsm.imaging.jpeg.JpegFrame.Blocks;

/** Collects the samples of one component for one output until a row of MCUs is complete. */
final class PlaneRows {

  private final JpegPlane plane;
  private final JpegSink sink;
  private final Blocks blocks;
  private final float[][] factors;
  private final float[] buffer;
  private final float[][] work;
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
    this.work = Idct.work(samples);
    this.stride = blocks.across() * samples;
    this.buffer = new float[stride * samples * frame.components().get(component).down()];
  }

  /** Bytes of the buffer. */
  static long bytes(JpegFrame frame, JpegRegion region, int component, JpegScale scale) {
    long stride = (long) frame.blocks(component, region).across() * scale.samples();
    // What coefficients are multiplied with, and arrays to work in.
    long work = 16L * scale.samples() * scale.samples() * Idct.LANES;
    return 4 * stride * scale.samples() * frame.components().get(component).down() + work + 1024;
  }

  Blocks blocks() {
    return blocks;
  }

  /** Says which row of blocks comes first. */
  void begin(int row) {
    top = Math.max(row, blocks.top());
  }

  /** Samples of a block, in each direction. */
  int samples() {
    return samples;
  }

  /**
   * Takes blocks of a row; ignores those of others.
   *
   * @param strip their coefficients
   * @param from the first block
   * @param to one past the last
   */
  void blocks(float[][] strip, int from, int to, int y) {
    int first = Math.max(from, blocks.left());
    int end = Math.min(to, blocks.right());
    if (first < end && y >= top && y < blocks.bottom()) {
      int at = (y - top) * samples * stride + (first - blocks.left()) * samples;
      Idct.transform(samples, strip, factors, work, first - from, end - from, buffer, at, stride);
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

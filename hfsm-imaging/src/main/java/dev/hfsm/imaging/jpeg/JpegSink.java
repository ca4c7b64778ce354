package dev.hfsm.imaging.jpeg;

/** Takes the samples of one output, from top to bottom. What it throws ends the decoding. */
@FunctionalInterface
public interface JpegSink {

  /**
   * Takes rows of one component. Called with each row once, in ascending order for each component,
   * and for the components in turn, one row of MCUs at a time.
   *
   * @param plane of which component, and where it lies
   * @param y of the first row within the plane, from 0
   * @param rows how many rows
   * @param samples 0 to 255, not rounded; the array is used again. Sample {@code x} of row {@code y
   *     + r} is at {@code r * stride + x}
   * @param stride from row to row
   */
  void rows(JpegPlane plane, int y, int rows, float[] samples, int stride);
}

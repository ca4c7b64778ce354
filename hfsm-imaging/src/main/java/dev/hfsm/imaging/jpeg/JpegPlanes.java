package dev.hfsm.imaging.jpeg;

import java.util.ArrayList;
import java.util.List;

/** A sink that keeps everything: one array of samples for each component. Not thread-safe. */
public final class JpegPlanes implements JpegSink {

  private final List<JpegPlane> planes = new ArrayList<>();
  private final List<float[]> samples = new ArrayList<>();

  /** Room for a region of a frame at these scales, one for each component. */
  public JpegPlanes(JpegFrame frame, JpegRegion region, List<JpegScale> scales) {
    for (int c = 0; c < frame.components().size(); c++) {
      JpegPlane plane = frame.plane(c, scales.get(c), region);
      planes.add(plane);
      samples.add(new float[Math.multiplyExact(plane.width(), plane.height())]);
    }
  }

  /** Bytes on the heap that an instance of these dimensions needs. */
  public static long bytes(JpegFrame frame, JpegRegion region, List<JpegScale> scales) {
    long bytes = 1 << 10;
    for (int c = 0; c < frame.components().size(); c++) {
      JpegPlane plane = frame.plane(c, scales.get(c), region);
      bytes += 4L * plane.width() * plane.height();
    }
    return bytes;
  }

  @Override
  public void rows(JpegPlane plane, int y, int rows, float[] from, int stride) {
    float[] to = samples.get(plane.component());
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, r * stride, to, (y + r) * plane.width(), plane.width());
    }
  }

  /** Where the samples of a component lie. */
  public JpegPlane plane(int component) {
    return planes.get(component);
  }

  /** The samples of a component, row by row without gaps: the array itself. */
  public float[] samples(int component) {
    return samples.get(component);
  }
}

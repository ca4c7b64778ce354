package dev.hfsm.imaging;

import dev.hfsm.imaging.jpeg.JpegColor;
import dev.hfsm.imaging.jpeg.JpegComponent;
import dev.hfsm.imaging.jpeg.JpegDecoder;
import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegOutput;
import dev.hfsm.imaging.jpeg.JpegPixels;
import dev.hfsm.imaging.jpeg.JpegPlane;
import dev.hfsm.imaging.jpeg.JpegRegion;
import dev.hfsm.imaging.jpeg.JpegScale;
import dev.hfsm.imaging.jpeg.JpegSink;
import dev.hfsm.imaging.resample.Axis;
import dev.hfsm.imaging.resample.Filter;
import dev.hfsm.imaging.resample.Resampler;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a JPEG in full size, as its components are decoded: no more than some rows of each
 * are there at a time. A small picture can be made in the same pass.
 */
final class JpegRows implements PixelRows {

  /** Pixels around a region that enlarging the colours of its edges looks at, and more. */
  private static final int MARGIN = 16;

  private final JpegDecoder decoder;
  private final JpegFrame frame;
  private final Header header;
  private final Budget budget;
  private @Nullable JpegVariant alongside;

  private JpegRows(JpegDecoder decoder, Header header, Budget budget) {
    this.decoder = decoder;
    this.frame = decoder.frame();
    this.header = header;
    this.budget = budget;
  }

  static JpegRows open(Bytes in, Header header, Budget budget) throws IOException {
    return new JpegRows(JpegBurst.open(in, header, budget), header, budget);
  }

  /** How a picture within a square is made in the first pass, decoded at an eighth if it can be. */
  JpegPlan small(int orientation, int side) {
    Transformation recipe =
        Transformation.image().inside(side, side).format(dev.hfsm.transform.Format.PNG);
    Geometry geometry = Geometry.of(header, orientation, recipe, Long.MAX_VALUE);
    return JpegPlan.of(frame, geometry, recipe, false);
  }

  /** Bytes that such a picture takes besides. */
  long bytes(JpegPlan small) {
    return JpegVariant.bytes(small, 0) + decoder.bytesNeeded(outputs(small, nobody()));
  }

  /** Makes it in the next pass. */
  JpegVariant alongside(JpegPlan small) {
    JpegVariant variant =
        new JpegVariant(small, frame, JpegBurst.profile(header, frame), Tags.NONE, budget);
    alongside = variant;
    return variant;
  }

  private static JpegSink nobody() {
    return (plane, y, rows, samples, stride) -> {};
  }

  private List<JpegOutput> outputs(JpegPlan plan, JpegSink sink) {
    List<JpegOutput> outputs = new ArrayList<>();
    for (JpegPlan.Part part : plan.parts()) {
      outputs.add(output(part, plan.region(), sink));
    }
    return outputs;
  }

  private JpegOutput output(JpegPlan.Part part, JpegRegion region, JpegSink sink) {
    List<JpegScale> scales =
        new ArrayList<>(Collections.nCopies(frame.components().size(), JpegScale.NONE));
    scales.set(part.component(), part.plane().scale());
    return new JpegOutput(region, scales, sink);
  }

  @Override
  public Header header() {
    return header;
  }

  @Override
  public boolean covers(Rectangle region) {
    return true;
  }

  @Override
  public long fixedBytes() {
    Rectangle all = new Rectangle(header.width(), header.height());
    JpegRegion region = around(all);
    List<JpegOutput> outputs = new ArrayList<>();
    long bytes = 1 << 17;
    List<JpegPlan.Part> parts = parts(all, region);
    for (JpegPlan.Part part : parts) {
      outputs.add(output(part, region, nobody()));
      bytes += Resampler.bytes(1, part.across(), part.down(), part.filter());
    }
    // Of each component the rows of two rows of MCUs at most wait for those of another.
    long waiting = 4L * parts.size() * (16 * frame.down() + 2) * header.width();
    return bytes + waiting + decoder.bytesNeeded(outputs) + 32L * header.width();
  }

  @Override
  public long rowBytes(int width) {
    return 0;
  }

  @Override
  public PixelRows.Format format(Rectangle region, int bandHeight) {
    return new PixelRows.Format(JpegBurst.model(frame), 255, false);
  }

  private JpegRegion around(Rectangle region) {
    Rectangle picture = new Rectangle(header.width(), header.height());
    Rectangle inside = region.grownBy(MARGIN, MARGIN).intersection(picture);
    return new JpegRegion(inside.x(), inside.y(), inside.width(), inside.height());
  }

  /** Each component at the size of the picture; colours between samples as every decoder does. */
  private List<JpegPlan.Part> parts(Rectangle region, JpegRegion decoded) {
    List<JpegPlan.Part> parts = new ArrayList<>();
    for (int c = 0; c < frame.components().size(); c++) {
      JpegComponent component = frame.components().get(c);
      JpegPlane plane = frame.plane(c, JpegScale.FULL, decoded);
      double across = component.across() / (double) frame.across();
      double down = component.down() / (double) frame.down();
      Axis x = new Axis(plane.width(), region.x() * across - plane.x(), across, region.width());
      Axis y = new Axis(plane.height(), region.y() * down - plane.y(), down, region.height());
      parts.add(new JpegPlan.Part(plane, plane.x(), plane.y(), x, y, Filter.TRIANGLE));
    }
    return parts;
  }

  @Override
  public void read(Rectangle region, int bandHeight, PixelRows.Format format, Sink sink)
      throws IOException {
    JpegRegion decoded = around(region);
    List<JpegPlan.Part> parts = parts(region, decoded);
    Merge merge = new Merge(parts, region, sink);
    List<JpegOutput> outputs = new ArrayList<>();
    for (JpegPlan.Part part : parts) {
      outputs.add(output(part, decoded, JpegBurst.unchecked(merge::rows)));
    }
    JpegVariant other = alongside;
    alongside = null;
    if (other != null) {
      outputs.addAll(outputs(other.plan(), JpegBurst.unchecked(other::rows)));
    }
    try {
      if (decoder.decode(outputs, budget::check) > 0) {
        throw new Malformed("damaged: its data hold codes that mean nothing");
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Brings rows of components together, which come some at a time. */
  private final class Merge {

    private final List<JpegPlan.Part> parts;
    private final Rectangle region;
    private final Sink sink;
    private final List<Deque<float[]>> waiting = new ArrayList<>();
    private final List<@Nullable Resampler> resamplers = new ArrayList<>();
    private final Deque<float[]> spare = new ArrayDeque<>();
    private final byte[] pixels;
    private final int[] row;
    private final float[] floats;
    private int next;

    Merge(List<JpegPlan.Part> parts, Rectangle region, Sink sink) {
      this.parts = parts;
      this.region = region;
      this.sink = sink;
      boolean mixes = frame.color() != JpegColor.YCBCR && frame.color() != JpegColor.GREY;
      this.pixels = new byte[mixes ? region.width() * parts.size() : 0];
      this.row = new int[region.width() * parts.size()];
      this.floats = new float[region.width()];
      this.next = region.y();
      for (JpegPlan.Part part : parts) {
        Deque<float[]> own = new ArrayDeque<>();
        waiting.add(own);
        boolean asItIs = part.across().step() == 1 && part.down().step() == 1;
        resamplers.add(
            asItIs
                ? null
                : new Resampler(
                    1,
                    part.across(),
                    part.down(),
                    part.filter(),
                    (y, samples) -> own.add(copy(samples, 0)),
                    budget::check));
      }
    }

    void rows(JpegPlane plane, int y, int rows, float[] samples, int stride) throws IOException {
      int c = plane.component();
      Resampler resampler = resamplers.get(c);
      int left = (int) parts.get(c).across().start();
      int top = (int) parts.get(c).down().start();
      for (int r = 0; r < rows; r++) {
        if (resampler != null) {
          resampler.row(samples, r * stride);
        } else if (y + r >= top && y + r < top + region.height()) {
          waiting.get(c).add(copy(samples, r * stride + left));
        }
      }
      while (waiting.stream().noneMatch(Deque::isEmpty)) {
        deliver();
      }
    }

    private float[] copy(float[] samples, int at) {
      float[] copy = spare.isEmpty() ? new float[region.width()] : spare.remove();
      System.arraycopy(samples, at, copy, 0, copy.length);
      return copy;
    }

    private void deliver() throws IOException {
      float[] first = waiting.get(0).remove();
      if (frame.color() == JpegColor.YCBCR) {
        float[] cb = waiting.get(1).remove();
        float[] cr = waiting.get(2).remove();
        JpegPixels.toRgb(first, cb, cr, floats);
        sink.rgb(next++, first, cb, cr, row);
        spare.add(cb);
        spare.add(cr);
        spare.add(first);
        return;
      } else if (frame.color() == JpegColor.GREY) {
        JpegPixels.rounded(first, row);
      } else {
        mix(first);
      }
      spare.add(first);
      sink.row(next++, row);
    }

    /** Samples that are colours or inks of their own. */
    private void mix(float[] first) {
      int count = parts.size();
      float[] samples = first;
      for (int c = 0; c < count; c++) {
        if (c > 0) {
          samples = waiting.get(c).remove();
          spare.add(samples);
        }
        for (int x = 0, p = c; x < region.width(); x++, p += count) {
          pixels[p] = (byte) (samples[x] + 0.5f);
        }
      }
      if (count == 4) {
        JpegVariant.inks(pixels, frame.color() == JpegColor.YCCK, frame.inverted());
      }
      for (int i = 0; i < row.length; i++) {
        row[i] = pixels[i] & 0xFF;
      }
    }
  }
}

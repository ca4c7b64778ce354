package dev.hfsm.imaging;

import dev.hfsm.imaging.jpeg.JpegColor;
import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegPixels;
import dev.hfsm.imaging.jpeg.JpegPlane;
import dev.hfsm.imaging.jpegenc.JpegEncoder;
import dev.hfsm.imaging.jpegenc.JpegSpec;
import dev.hfsm.imaging.jpegenc.Sampling;
import dev.hfsm.imaging.resample.Resampler;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One variant of a JPEG while it is made: takes the components' samples as they are decoded,
 * resizes them, and hands them to the encoder at once if nothing has to be done to them.
 */
final class JpegVariant {

  private final JpegPlan plan;
  private final JpegFrame frame;
  private final ColorProfile.@Nullable Use profile;
  private final Tags tags;
  private final Budget budget;
  private final List<Resampler> resamplers = new ArrayList<>();

  /** A file that grows while the picture is decoded. */
  private record Writing(JpegEncoder encoder, ByteArrayOutputStream out) {}

  private final @Nullable Writing direct;
  private final Stopwatch encoding = new Stopwatch();

  /** The resized components, if they are turned before they are encoded. */
  private final List<Canvas> planes = new ArrayList<>();

  /** The resized components side by side, if they become pixels. */
  private final @Nullable Canvas mixed;

  /**
   * Memory has been reserved.
   *
   * @param profile what makes colours sRGB, if they are not to stay as they are
   * @param tags what a file carries that is written at once
   */
  JpegVariant(
      JpegPlan plan,
      JpegFrame frame,
      ColorProfile.@Nullable Use profile,
      Tags tags,
      Budget budget) {
    this.tags = tags;
    this.plan = plan;
    this.frame = frame;
    this.profile = profile;
    this.budget = budget;
    Geometry geometry = plan.geometry();
    int count = frame.components().size();
    boolean planar = plan.planar().isPresent();
    this.direct = planar && geometry.turn().equals(Turn.NONE) ? writing() : null;
    this.mixed =
        planar ? null : new Canvas(geometry.across().count(), geometry.down().count(), count);
    for (JpegPlan.Part part : plan.parts()) {
      if (planar && direct == null) {
        planes.add(new Canvas(part.across().count(), part.down().count(), 1));
      }
      resamplers.add(
          new Resampler(
              1, part.across(), part.down(), part.filter(), sink(part.component()), budget::check));
    }
  }

  private Writing writing() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 14);
    return new Writing(new JpegEncoder(Encoder.tagged(spec(plan), tags), out, budget::check), out);
  }

  private static JpegSpec spec(JpegPlan plan) {
    Geometry geometry = plan.geometry();
    return Encoder.jpeg(
        geometry.canvasWidth(),
        geometry.canvasHeight(),
        plan.planar().orElse(Sampling.GREY),
        plan.recipe());
  }

  /**
   * Bytes that making this variant takes besides decoding.
   *
   * @param ending what is taken after that if it becomes pixels
   */
  static long bytes(JpegPlan plan, long ending) {
    long bytes = 1 << 12;
    long resized = 0;
    for (JpegPlan.Part part : plan.parts()) {
      bytes += Resampler.bytes(1, part.across(), part.down(), part.filter());
      resized += (long) part.across().count() * part.down().count();
    }
    if (plan.planar().isEmpty()) {
      return bytes + Finish.bytes(plan.geometry(), plan.recipe(), ending);
    }
    JpegSpec spec = spec(plan);
    boolean turns = !plan.geometry().turn().equals(Turn.NONE);
    return bytes + JpegEncoder.bytes(spec) + Encoder.fileBytes(spec) + (turns ? 2 * resized : 0);
  }

  private Resampler.Sink sink(int component) {
    Writing writing = direct;
    if (writing != null) {
      return (y, row) -> {
        encoding.start();
        writing.encoder().row(component, row, 0);
        encoding.stop();
      };
    }
    Canvas pixels = mixed;
    if (pixels != null) {
      return (y, row) -> pixels.store(component, y, row);
    }
    Canvas plane = planes.get(component);
    return (y, row) -> plane.store(0, y, row);
  }

  /** Rows of a component as they are decoded, see {@code JpegSink}. */
  void rows(JpegPlane plane, int y, int rows, float[] samples, int stride) throws IOException {
    JpegPlan.Part part = plan.parts().get(plane.component());
    Resampler resampler = resamplers.get(plane.component());
    int top = part.top() - plane.y();
    int end = top + part.down().available();
    int left = part.left() - plane.x();
    for (int r = 0; r < rows; r++) {
      if (y + r >= top && y + r < end) {
        resampler.row(samples, r * stride + left);
      }
    }
  }

  JpegPlan plan() {
    return plan;
  }

  /** The finished picture of a plan that is not planar, once all rows were there. */
  Canvas pixels() {
    Canvas pixels = mixed;
    if (pixels == null) {
      throw new IllegalStateException("expected a plan for pixels, found one for a file");
    }
    return Finish.apply(inSrgb(pixels), plan.geometry(), plan.recipe(), budget);
  }

  /** The file of a plan that is planar, once all rows were there. */
  byte[] file() throws IOException {
    Writing writing = direct;
    List<Canvas> upright = writing == null ? upright() : List.of();
    encoding.start();
    Writing last = writing == null ? written(upright) : writing;
    last.encoder().finish();
    byte[] file = last.out().toByteArray();
    encoding.stop();
    encoding.tell(Stage.ENCODE, budget);
    return file;
  }

  private List<Canvas> upright() {
    List<Canvas> upright = new ArrayList<>();
    for (int c = 0; c < planes.size(); c++) {
      upright.add(planes.get(c).turned(plan.geometry().turn()));
      planes.set(c, new Canvas(0, 0, 1));
    }
    return upright;
  }

  private Writing written(List<Canvas> upright) throws IOException {
    Writing writing = writing();
    // In the order in which coding units take rows, so that none is kept for long.
    int perColor = plan.planar().orElse(Sampling.GREY) == Sampling.YCC_420 ? 2 : 1;
    for (int y = 0; y < upright.get(0).height; y++) {
      for (int c = 0; c < upright.size(); c++) {
        Canvas plane = upright.get(c);
        int row = c == 0 ? y : y / perColor;
        if (c == 0 || y % perColor == 0) {
          writing.encoder().row(c, plane.data, row * plane.width);
        }
      }
    }
    return writing;
  }

  private Canvas inSrgb(Canvas pixels) {
    JpegColor color = frame.color();
    if (color == JpegColor.YCBCR) {
      JpegPixels.toRgb(pixels.data);
    } else if (color == JpegColor.CMYK || color == JpegColor.YCCK) {
      inks(pixels.data, color == JpegColor.YCCK, frame.inverted());
    }
    ColorProfile.Use use = profile;
    if (use != null) {
      return use.toSrgb(pixels);
    }
    return pixels.channels == 4 ? ColorProfile.withoutProfile(pixels) : pixels;
  }

  /** To inks of which 0 is none and 255 is full. */
  static void inks(byte[] data, boolean stored, boolean inverted) {
    byte[] three = new byte[3];
    for (int i = 0; i < data.length; i += 4) {
      boolean invert = inverted;
      if (stored) {
        // Adobe's YCCK is the YCbCr of the complement of what is stored.
        System.arraycopy(data, i, three, 0, 3);
        JpegPixels.toRgb(three);
        System.arraycopy(three, 0, data, i, 3);
        invert = !inverted;
      }
      for (int c = 0; c < 3; c++) {
        data[i + c] = (byte) (invert ? 255 - (data[i + c] & 0xFF) : data[i + c]);
      }
      data[i + 3] = (byte) (inverted ? 255 - (data[i + 3] & 0xFF) : data[i + 3]);
    }
  }
}

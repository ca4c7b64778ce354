package dev.hfsm.imaging;

import dev.hfsm.imaging.jpeg.JpegColor;
import dev.hfsm.imaging.jpeg.JpegComponent;
import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegPlane;
import dev.hfsm.imaging.jpeg.JpegRegion;
import dev.hfsm.imaging.jpeg.JpegScale;
import dev.hfsm.imaging.jpegenc.Sampling;
import dev.hfsm.imaging.resample.Axis;
import dev.hfsm.imaging.resample.Filter;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one variant of a JPEG is made: what is decoded at which scale, and how each component is
 * resized. It follows from the sizes in the file's header and the variant's own recipe alone, so
 * that a variant is the same whatever else is asked for with it.
 *
 * @param recipe what is wanted
 * @param geometry where pixels come from and go
 * @param planar if the components go to the encoder as they are, how that samples them
 * @param region what of the picture has to be decoded
 * @param parts one for each component
 */
record JpegPlan(
    Transformation recipe,
    Geometry geometry,
    Optional<Sampling> planar,
    JpegRegion region,
    List<Part> parts) {

  private static final List<JpegScale> SMALLEST_FIRST =
      List.of(JpegScale.EIGHTH, JpegScale.QUARTER, JpegScale.HALF, JpegScale.FULL);

  /**
   * How one component is resized.
   *
   * @param plane what is decoded of it
   * @param left the first column of the component that may be used
   * @param top the first row of the component that may be used
   * @param across columns, counted from {@code left}
   * @param down rows, counted from {@code top}
   */
  record Part(JpegPlane plane, int left, int top, Axis across, Axis down, Filter filter) {
    int component() {
      return plane.component();
    }
  }

  /** One direction of one component: samples of it for a pixel, and the outputs wanted. */
  private record Line(double start, double step, int count, double samplesPerPixel) {

    static Line of(Geometry.Axis axis, int source, boolean halved, boolean mirrored, double ratio) {
      double start = source + axis.start();
      if (!halved) {
        return new Line(start, axis.step(), axis.count(), ratio);
      }
      // The odd one out shares its colour with nothing, and comes last in the turned picture.
      double first = mirrored && axis.count() % 2 == 1 ? start - axis.step() : start;
      return new Line(first, 2 * axis.step(), (axis.count() + 1) / 2, ratio);
    }

    /**
     * Whether enough is left to do for the filter. A corner of a block is sharper than the filter
     * makes it, and knows nothing of the block beside it; the smaller the corner, the more of that
     * has to be filtered away.
     */
    boolean reducedAt(JpegScale scale) {
      return step * samplesPerPixel * scale.samples() / 8 >= leastStep(scale);
    }

    private static double leastStep(JpegScale scale) {
      return switch (scale) {
        case NONE, EIGHTH -> 1.3;
        case QUARTER -> 1.25;
        case HALF -> 1.04;
        case FULL -> 1;
      };
    }

    /** How far around the centre of an output pixels are used. */
    double margin(JpegScale scale) {
      double sample = 8 / (samplesPerPixel * scale.samples());
      return 3 * Math.max(step, sample) + step + 2 * sample;
    }

    Axis axis(int first, int end, JpegScale scale) {
      double ratio = samplesPerPixel * scale.samples() / 8;
      return new Axis(end - first, start * ratio - first, step * ratio, count);
    }
  }

  static JpegPlan of(JpegFrame frame, Geometry geometry, Transformation recipe, boolean asItIs) {
    Optional<Sampling> planar =
        asItIs && planar(frame, geometry, recipe)
            ? Optional.of(sampling(frame, recipe))
            : Optional.empty();
    int count = frame.components().size();
    Rectangle source = geometry.source();
    List<Line> across = new ArrayList<>();
    List<Line> down = new ArrayList<>();
    List<JpegScale> scales = new ArrayList<>();
    double marginX = 0;
    double marginY = 0;
    for (int c = 0; c < count; c++) {
      JpegComponent component = frame.components().get(c);
      boolean halved = c > 0 && planar.filter(s -> s == Sampling.YCC_420).isPresent();
      double ratioX = component.across() / (double) frame.across();
      double ratioY = component.down() / (double) frame.down();
      Line x = Line.of(geometry.across(), source.x(), halved, geometry.mirrorsAcross(), ratioX);
      Line y = Line.of(geometry.down(), source.y(), halved, geometry.mirrorsDown(), ratioY);
      JpegScale scale =
          SMALLEST_FIRST.stream()
              .filter(s -> x.reducedAt(s) && y.reducedAt(s))
              .findFirst()
              .orElse(JpegScale.FULL);
      across.add(x);
      down.add(y);
      scales.add(scale);
      marginX = Math.max(marginX, x.margin(scale));
      marginY = Math.max(marginY, y.margin(scale));
    }
    Rectangle needed = geometry.within(marginX, marginY);
    JpegRegion region = new JpegRegion(needed.x(), needed.y(), needed.width(), needed.height());
    List<Part> parts = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      JpegPlane plane = frame.plane(c, scales.get(c), region);
      parts.add(part(plane, source, across.get(c), down.get(c), c > 0));
    }
    return new JpegPlan(recipe, geometry, planar, region, List.copyOf(parts));
  }

  /** Of a crop nothing outside is used, but for the sample that lies across its edge. */
  private static Part part(JpegPlane plane, Rectangle source, Line x, Line y, boolean color) {
    double ratioX = x.samplesPerPixel() * plane.scale().samples() / 8;
    double ratioY = y.samplesPerPixel() * plane.scale().samples() / 8;
    int left = Math.max(plane.x(), (int) Math.floor(source.x() * ratioX));
    int top = Math.max(plane.y(), (int) Math.floor(source.y() * ratioY));
    int right =
        Math.min(
            plane.x() + plane.width(), (int) Math.ceil((source.x() + source.width()) * ratioX));
    int bottom =
        Math.min(
            plane.y() + plane.height(), (int) Math.ceil((source.y() + source.height()) * ratioY));
    Axis across = x.axis(left, right, plane.scale());
    Axis down = y.axis(top, bottom, plane.scale());
    // Colour that is stored at a lower resolution is brought to the size of brightness without
    // ringing: the filter that every decoder has for it.
    boolean enlarged = across.step() < 1 || down.step() < 1;
    boolean smooth = color && enlarged && x.step() >= 1 && y.step() >= 1;
    return new Part(plane, left, top, across, down, smooth ? Filter.TRIANGLE : Filter.LANCZOS3);
  }

  private static boolean planar(JpegFrame frame, Geometry geometry, Transformation recipe) {
    return recipe.format() == Format.JPEG
        && (frame.color() == JpegColor.YCBCR || frame.color() == JpegColor.GREY)
        && geometry.fillsCanvas()
        && Finish.changesNothing(recipe);
  }

  private static Sampling sampling(JpegFrame frame, Transformation recipe) {
    return frame.color() == JpegColor.GREY ? Sampling.GREY : Encoder.sampling(recipe.quality());
  }
}

package dev.hfsm.imaging;

import dev.hfsm.error.TransformationException;
import dev.hfsm.transform.Crop;
import dev.hfsm.transform.Fit;
import dev.hfsm.transform.Gravity;
import dev.hfsm.transform.Orient;
import dev.hfsm.transform.Transformation;

/**
 * Where the pixels of a variant come from and where they go, all of it decided from the sizes.
 *
 * @param source the part of the stored picture that is used
 * @param turn how it is turned after resizing
 * @param across how the stored columns are resized
 * @param down how the stored rows are resized
 * @param canvasWidth of the result
 * @param canvasHeight of the result
 * @param left where the turned picture stands on the canvas
 * @param top where the turned picture stands on the canvas
 */
record Geometry(
    Rectangle source,
    Turn turn,
    Axis across,
    Axis down,
    int canvasWidth,
    int canvasHeight,
    int left,
    int top) {

  /**
   * One direction of resizing: {@code from} samples become {@code to}, of which {@code count} from
   * {@code offset} on are wanted.
   */
  record Axis(int from, long to, long offset, int count) {
    Axis mirrored() {
      return new Axis(from, to, to - offset - count, count);
    }

    /** Source samples per output sample. */
    double step() {
      return from / (double) to;
    }

    /** Where the first wanted output sample begins, in source samples. */
    double start() {
      return offset * step();
    }

    /** How this direction is resized when each source sample is there once. */
    dev.hfsm.imaging.resample.Axis samples() {
      return new dev.hfsm.imaging.resample.Axis(from, start(), step(), count);
    }

    /** The first source sample within {@code margin} of the centre of any output. */
    int begin(double margin) {
      return (int) Math.max(0, Math.min(from - 1, Math.floor(start() + step() / 2 - margin)));
    }

    /** One past the last of them. */
    int end(double margin) {
      double last = Math.ceil(start() + (count - 0.5) * step() + margin);
      return (int) Math.max(begin(margin) + 1L, Math.min(from, last));
    }

    /** How far a filter of three lobes reaches from the centre of an output, with one to spare. */
    double lanczosMargin() {
      return 3 * Math.max(1, step()) + 1;
    }
  }

  /** What of the stored picture lies within these margins of the centre of any output. */
  Rectangle within(double marginX, double marginY) {
    int x = across.begin(marginX);
    int y = down.begin(marginY);
    return new Rectangle(
        source.x() + x, source.y() + y, across.end(marginX) - x, down.end(marginY) - y);
  }

  /** Whether the result is nothing but the turned picture, with nothing around it. */
  boolean fillsCanvas() {
    int width = turn.swaps() ? down.count : across.count;
    int height = turn.swaps() ? across.count : down.count;
    return width == canvasWidth && height == canvasHeight;
  }

  /** Whether the last stored column of the result comes out first. */
  boolean mirrorsAcross() {
    return turn.swaps() ? turn.flipY() : turn.flipX();
  }

  /** Whether the last stored row of the result comes out first. */
  boolean mirrorsDown() {
    return turn.swaps() ? turn.flipX() : turn.flipY();
  }

  static Geometry of(Header header, int orientation, Transformation t, long maxPixels) {
    Turn upright = t.orient() == Orient.AUTO ? Turn.ofOrientation(orientation) : Turn.NONE;
    int width = upright.swaps() ? header.height() : header.width();
    int height = upright.swaps() ? header.width() : header.height();
    Rectangle kept = new Rectangle(width, height);
    if (t.crop().isPresent()) {
      Crop crop = t.crop().get();
      kept = kept.intersection(new Rectangle(crop.x(), crop.y(), crop.width(), crop.height()));
      if (kept.isEmpty()) {
        throw new TransformationException(
            "crop %s lies outside of the picture, which is %d × %d pixels"
                .formatted(crop, width, height),
            null,
            false);
      }
    }
    Rectangle source = upright.origin(kept, width, height);
    Turn turn = upright.then(Turn.ofDegrees(t.rotation())).then(Turn.of(t.flip()));
    int seenWidth = turn.swaps() ? source.height() : source.width();
    int seenHeight = turn.swaps() ? source.width() : source.height();
    return new Box(t, seenWidth, seenHeight, maxPixels).place(source, turn);
  }

  /** Fits what is seen into the box of a recipe. */
  private record Box(Transformation recipe, int seenWidth, int seenHeight, long maxPixels) {

    Geometry place(Rectangle source, Turn turn) {
      int boxWidth = recipe.width().orElse(Integer.MAX_VALUE);
      int boxHeight = recipe.height().orElse(Integer.MAX_VALUE);
      Fit fit = recipe.fit();
      long width = seenWidth;
      long height = seenHeight;
      if (fit == Fit.FILL) {
        width = boxWidth;
        height = boxHeight;
      } else {
        // Compares boxWidth / seenWidth with boxHeight / seenHeight without rounding.
        boolean widthDecides =
            (long) boxWidth * seenHeight < (long) boxHeight * seenWidth ^ fit == Fit.COVER;
        boolean fits = seenWidth <= boxWidth && seenHeight <= boxHeight;
        boolean bounded = boxWidth != Integer.MAX_VALUE || boxHeight != Integer.MAX_VALUE;
        if (fit != Fit.INSIDE || bounded && (!fits || recipe.enlarges())) {
          width = widthDecides ? boxWidth : scaled(seenWidth, boxHeight, seenHeight);
          height = widthDecides ? scaled(seenHeight, boxWidth, seenWidth) : boxHeight;
        }
      }
      if (fit == Fit.COVER) {
        width = Math.max(width, boxWidth);
        height = Math.max(height, boxHeight);
      }
      boolean exact = fit != Fit.INSIDE;
      long canvasWidth = exact ? boxWidth : width;
      long canvasHeight = exact ? boxHeight : height;
      checkArea(canvasWidth, canvasHeight);
      return assemble(source, turn, width, height, (int) canvasWidth, (int) canvasHeight);
    }

    private Geometry assemble(
        Rectangle source, Turn turn, long width, long height, int canvasWidth, int canvasHeight) {
      Gravity gravity = recipe.gravity();
      int wanted = (int) Math.min(width, canvasWidth);
      int wantedHeight = (int) Math.min(height, canvasHeight);
      long cutLeft =
          recipe
              .focal()
              .map(focal -> focal.alongX(width, wanted))
              .orElse(gravity.alongX(2) * (width - wanted) / 2);
      long cutTop =
          recipe
              .focal()
              .map(focal -> focal.alongY(height, wantedHeight))
              .orElse(gravity.alongY(2) * (height - wantedHeight) / 2);
      Axis x = new Axis(seenWidth, width, cutLeft, wanted);
      Axis y = new Axis(seenHeight, height, cutTop, wantedHeight);
      Axis unflippedX = turn.flipX() ? x.mirrored() : x;
      Axis unflippedY = turn.flipY() ? y.mirrored() : y;
      return new Geometry(
          source,
          turn,
          turn.swaps() ? unflippedY : unflippedX,
          turn.swaps() ? unflippedX : unflippedY,
          canvasWidth,
          canvasHeight,
          gravity.alongX(canvasWidth - wanted),
          gravity.alongY(canvasHeight - wantedHeight));
    }

    private static long scaled(long side, long numerator, long denominator) {
      return Math.max(1, (2 * side * numerator + denominator) / (2 * denominator));
    }

    private void checkArea(long width, long height) {
      if (width > maxPixels / height) {
        throw new TransformationException(
            "the variant would be %d × %d pixels; at most %d pixels are made"
                .formatted(width, height, maxPixels),
            null,
            false);
      }
    }
  }
}

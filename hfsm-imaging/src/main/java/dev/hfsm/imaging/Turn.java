package dev.hfsm.imaging;

import dev.hfsm.transform.Flip;

/**
 * One of the eight ways to turn and mirror a rectangle: columns and rows change places first, then
 * the result is mirrored.
 *
 * @param swaps columns become rows
 * @param flipX left and right of the result change places
 * @param flipY top and bottom of the result change places
 */
record Turn(boolean swaps, boolean flipX, boolean flipY) {

  static final Turn NONE = new Turn(false, false, false);

  /**
   * What makes a picture with that EXIF orientation upright; nothing for values it does not have.
   */
  static Turn ofOrientation(int orientation) {
    return switch (orientation) {
      case 2 -> new Turn(false, true, false);
      case 3 -> new Turn(false, true, true);
      case 4 -> new Turn(false, false, true);
      case 5 -> new Turn(true, false, false);
      case 6 -> new Turn(true, true, false);
      case 7 -> new Turn(true, true, true);
      case 8 -> new Turn(true, false, true);
      default -> NONE;
    };
  }

  /** Clockwise. */
  static Turn ofDegrees(int degrees) {
    return switch (degrees) {
      case 90 -> new Turn(true, true, false);
      case 180 -> new Turn(false, true, true);
      case 270 -> new Turn(true, false, true);
      default -> NONE;
    };
  }

  static Turn of(Flip flip) {
    return new Turn(false, flip == Flip.HORIZONTAL, flip == Flip.VERTICAL);
  }

  /** This, then that. */
  Turn then(Turn next) {
    boolean x = next.swaps ? flipY : flipX;
    boolean y = next.swaps ? flipX : flipY;
    return new Turn(swaps ^ next.swaps, x ^ next.flipX, y ^ next.flipY);
  }

  /** Where a rectangle of the result, which is {@code width} × {@code height}, came from. */
  Rectangle origin(Rectangle of, int width, int height) {
    int x = flipX ? width - of.x() - of.width() : of.x();
    int y = flipY ? height - of.y() - of.height() : of.y();
    return swaps
        ? new Rectangle(y, x, of.height(), of.width())
        : new Rectangle(x, y, of.width(), of.height());
  }
}

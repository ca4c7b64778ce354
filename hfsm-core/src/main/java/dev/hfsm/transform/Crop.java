package dev.hfsm.transform;

/**
 * A rectangle in pixels of the upright source.
 *
 * @param x left edge, 0 or more
 * @param y top edge, 0 or more
 * @param width 1 or more
 * @param height 1 or more
 */
public record Crop(int x, int y, int width, int height) {

  private static final int MAX = 1_000_000;

  /** Validates the ranges. */
  public Crop {
    if (x < 0
        || y < 0
        || width < 1
        || height < 1
        || Math.max(Math.max(x, y), Math.max(width, height)) > MAX) {
      throw new IllegalArgumentException(
          "crop: expected x and y of 0 or more, width and height of 1 or more, found "
              + x
              + ":"
              + y
              + ":"
              + width
              + ":"
              + height);
    }
  }

  /** {@code x:y:width:height}. */
  @Override
  public String toString() {
    return x + ":" + y + ":" + width + ":" + height;
  }
}

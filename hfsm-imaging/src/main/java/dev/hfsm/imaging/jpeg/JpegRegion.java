package dev.hfsm.imaging.jpeg;

/**
 * A part of the picture, in pixels of the picture as stored.
 *
 * @param x of the first column, at least 0
 * @param y of the first row, at least 0
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 */
public record JpegRegion(int x, int y, int width, int height) {

  /** Refuses what is empty or begins before the picture does. */
  public JpegRegion {
    if (x < 0 || y < 0 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "expected a region of at least 1 × 1 inside of the picture, got %d × %d at %d, %d"
              .formatted(width, height, x, y));
    }
  }
}

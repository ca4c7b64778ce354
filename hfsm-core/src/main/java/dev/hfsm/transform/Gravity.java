package dev.hfsm.transform;

/**
 * Which part of a picture is kept by {@link Fit#COVER}, or where it stands in {@link Fit#CONTAIN}.
 */
public enum Gravity {
  NORTHWEST(-1, -1),
  NORTH(0, -1),
  NORTHEAST(1, -1),
  WEST(-1, 0),
  CENTER(0, 0),
  EAST(1, 0),
  SOUTHWEST(-1, 1),
  SOUTH(0, 1),
  SOUTHEAST(1, 1),
  /**
   * The part with the most to see, found by looking at the picture; only with {@link Fit#COVER}. In
   * arithmetic the centre.
   */
  SMART(0, 0);

  private final int x;
  private final int y;

  Gravity(int x, int y) {
    this.x = x;
    this.y = y;
  }

  /** Offset, 0 or more, from the left edge of a slack of {@code slack} pixels. */
  public int alongX(int slack) {
    return (x + 1) * slack / 2;
  }

  /** Offset, 0 or more, from the top edge of a slack of {@code slack} pixels. */
  public int alongY(int slack) {
    return (y + 1) * slack / 2;
  }
}

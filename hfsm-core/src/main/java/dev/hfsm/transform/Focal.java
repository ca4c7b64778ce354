package dev.hfsm.transform;

import java.math.BigDecimal;

/**
 * The point of a picture that {@link Fit#COVER} keeps as near to the middle as it can, measured on
 * the picture as it is seen after crop, trim, rotation and flip.
 *
 * @param x from the left edge, in ten-thousandths of the width, 0 to 10000
 * @param y from the top edge, in ten-thousandths of the height, 0 to 10000
 */
public record Focal(int x, int y) {

  /** What the right and the bottom edge are. */
  public static final int ONE = 10_000;

  /** Validates the ranges. */
  public Focal {
    if (x < 0 || y < 0 || x > ONE || y > ONE) {
      throw new IllegalArgumentException(
          "focal: expected ten-thousandths from 0 to 10000, found " + x + ":" + y);
    }
  }

  /**
   * Offset, 0 to {@code length - part}, of a part of {@code length} pixels that has the point's
   * column in its middle, as far as that is possible.
   */
  public long alongX(long length, long part) {
    return along(x, length, part);
  }

  /** The same for the point's row. */
  public long alongY(long length, long part) {
    return along(y, length, part);
  }

  private static long along(int at, long length, long part) {
    long twiceMiddle = (4L * at * length + ONE) / (2L * ONE);
    return Math.max(0, Math.min(length - part, Math.floorDiv(twiceMiddle - part, 2)));
  }

  /** {@code x:y} as fractions of 1 with at most four decimals. */
  @Override
  public String toString() {
    return fraction(x) + ":" + fraction(y);
  }

  private static String fraction(int value) {
    return value == 0 ? "0" : BigDecimal.valueOf(value, 4).stripTrailingZeros().toPlainString();
  }
}

package dev.hfsm.transform;

/**
 * What is added around a finished picture, in pixels, each from 0 to 16384.
 *
 * @param top rows above
 * @param right columns to the right
 * @param bottom rows below
 * @param left columns to the left
 */
public record Padding(int top, int right, int bottom, int left) {

  /** Nothing. */
  public static final Padding NONE = new Padding(0, 0, 0, 0);

  private static final int MAX = 16_384;

  /** Validates the ranges. */
  public Padding {
    if (Math.min(Math.min(top, right), Math.min(bottom, left)) < 0
        || Math.max(Math.max(top, right), Math.max(bottom, left)) > MAX) {
      throw new IllegalArgumentException(
          "pad: expected pixels from 0 to 16384, found %d:%d:%d:%d"
              .formatted(top, right, bottom, left));
    }
  }

  /** {@code top:right:bottom:left}, or one number if all are the same. */
  @Override
  public String toString() {
    boolean same = top == right && right == bottom && bottom == left;
    return same ? Integer.toString(top) : top + ":" + right + ":" + bottom + ":" + left;
  }
}

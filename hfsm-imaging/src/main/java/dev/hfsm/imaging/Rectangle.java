package dev.hfsm.imaging;

/**
 * Pixels side by side; nothing if a side is not positive.
 *
 * @param x the first column
 * @param y the first row
 */
record Rectangle(int x, int y, int width, int height) {

  /** From the upper left corner of a picture. */
  Rectangle(int width, int height) {
    this(0, 0, width, height);
  }

  boolean isEmpty() {
    return width <= 0 || height <= 0;
  }

  /** What both have in common; empty if that is nothing. */
  Rectangle intersection(Rectangle other) {
    int left = Math.max(x, other.x);
    int top = Math.max(y, other.y);
    long right = Math.min((long) x + width, (long) other.x + other.width);
    long bottom = Math.min((long) y + height, (long) other.y + other.height);
    return new Rectangle(left, top, clamped(right - left), clamped(bottom - top));
  }

  private static int clamped(long length) {
    return (int) Math.max(Integer.MIN_VALUE, length);
  }

  Rectangle movedBy(int across, int down) {
    return new Rectangle(x + across, y + down, width, height);
  }

  /** With as many more pixels on each of its sides. */
  Rectangle grownBy(int across, int down) {
    return new Rectangle(x - across, y - down, width + 2 * across, height + 2 * down);
  }
}

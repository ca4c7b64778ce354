package dev.hfsm.imaging;

/**
 * Counts the colours of a picture as far as it takes to know whether it is a graphic: one of at
 * most 256 colours, or of at most 64 if all of them are grey, because a photo without colours has
 * no more than 256 either. What was compressed with loss once has more; that is meant.
 */
final class ColorCount {

  private static final int COLORS = 256;
  private static final int GREYS = 64;

  /** A power of two, and never nearly full. */
  private static final int SLOTS = 1024;

  private final int[] slots = new int[SLOTS];
  private final boolean[] taken = new boolean[SLOTS];
  private int count;
  private boolean grey = true;
  private int before;

  /** Takes pixels of four samples each, of which the last is alpha. */
  void pixels(byte[] rgba) {
    for (int p = 0; p < rgba.length && count <= COLORS; p += 4) {
      int color =
          rgba[p] << 24
              | (rgba[p + 1] & 0xFF) << 16
              | (rgba[p + 2] & 0xFF) << 8
              | rgba[p + 3] & 0xFF;
      if (count == 0 || color != before) {
        add(color);
        before = color;
      }
    }
  }

  private void add(int color) {
    int slot = (color * 0x9E3779B9) >>> 22;
    while (taken[slot]) {
      if (slots[slot] == color) {
        return;
      }
      slot = slot + 1 & SLOTS - 1;
    }
    taken[slot] = true;
    slots[slot] = color;
    count++;
    grey &= color >>> 24 == (color >> 16 & 0xFF) && color >>> 24 == (color >> 8 & 0xFF);
  }

  /** Of all that was taken. */
  boolean graphic() {
    return count <= (grey ? GREYS : COLORS);
  }
}

package dev.hfsm.imaging.jpeg;

/**
 * The coefficients of one component of a progressive picture: those that the largest scale needs,
 * and, where refinement makes it necessary, one bit for each that says whether it is zero.
 */
final class Coefficients {

  /** Bit k is coefficient k in zigzag order. */
  final long needed;

  /** By zigzag order, where a coefficient is kept within its block; -1 if it is not. */
  final int[] slot = new int[64];

  /** Coefficients kept of each block. */
  final int slots;

  /** Those of each row of blocks. */
  final short[][] kept;

  /** By row and block, which coefficients are not zero; without rows if nobody asks. */
  final long[][] nonZero;

  Coefficients(Lane lane, boolean history) {
    needed = mask(lane.last);
    int next = 0;
    for (int k = 0; k < 64; k++) {
      slot[k] = (needed >>> k & 1) == 0 ? -1 : next++;
    }
    slots = next;
    kept = new short[lane.last < 0 ? 0 : lane.blocksDown][lane.blocksAcross * slots];
    nonZero = new long[history ? lane.blocksDown : 0][lane.blocksAcross];
  }

  /** The coefficients of the corner that ends with one. */
  static long mask(int last) {
    if (last < 0) {
      return 0;
    }
    if (last == JpegScale.HALF.lastCoefficient()) {
      return Idct.FOUR;
    }
    return last == JpegScale.QUARTER.lastCoefficient() ? Idct.TWO : -1L >>> 63 - last;
  }

  /** An upper bound of the bytes for a component at a scale. */
  static long bytes(JpegFrame frame, int component, int samples) {
    JpegFrame.Blocks all = frame.blocks(component, frame.everything());
    long blocks = (long) all.across() * all.down();
    return samples == 0 ? 0 : blocks * (2L * samples * samples + 8) + 64L * all.down();
  }

  /** Puts the coefficients of a block in zigzag order; tells from where on all are zero. */
  int load(int x, int y, int[] into) {
    short[] row = kept[y];
    int at = x * slots;
    int end = 1;
    for (int k = 0; k < 64; k++) {
      int s = slot[k];
      if (s >= 0) {
        int value = row[at + s];
        into[k] = value;
        end = value == 0 ? end : k + 1;
      }
    }
    return end;
  }
}

package dev.hfsm.imaging.jpeg;

import java.util.Arrays;
import java.util.List;

/**
 * One component on its way through the decoder: what is needed of it, and who wants it. Blocks are
 * collected until there are {@link Idct#LANES} of a row, or the row ends, and are then transformed
 * together.
 */
final class Lane {

  final int across;
  final int down;

  /** Blocks of the component that are more than padding. */
  final int blocksAcross;

  final int blocksDown;

  /** The last coefficient that anybody needs, in zigzag order; -1 if nobody wants anything. */
  final int last;

  /** The rectangle of blocks outside of which nobody wants anything. */
  final int left;

  final int top;
  final int right;
  final int bottom;

  private final PlaneRows[] targets;

  /** The side of the corner of coefficients that somebody needs. */
  private final int side;

  /** By row of blocks in a row of MCUs: their coefficients, as {@link Idct} wants them. */
  private final float[][][] strips;

  Lane(JpegFrame frame, int component, int last, List<PlaneRows> targets) {
    JpegComponent c = frame.components().get(component);
    JpegFrame.Blocks all = frame.blocks(component, frame.everything());
    this.across = c.across();
    this.down = c.down();
    this.blocksAcross = all.right();
    this.blocksDown = all.bottom();
    this.last = last;
    this.targets = targets.toArray(PlaneRows[]::new);
    this.left = targets.stream().mapToInt(t -> t.blocks().left()).min().orElse(0);
    this.top = targets.stream().mapToInt(t -> t.blocks().top()).min().orElse(0);
    this.right = targets.stream().mapToInt(t -> t.blocks().right()).max().orElse(0);
    this.bottom = targets.stream().mapToInt(t -> t.blocks().bottom()).max().orElse(0);
    this.side = targets.stream().mapToInt(PlaneRows::samples).max().orElse(0);
    this.strips = new float[down][side][side * Idct.LANES];
  }

  /** Bytes of what is collected, at most. */
  static long bytes(int samples, int down) {
    return (4L * samples * samples * Idct.LANES + 32L * samples + 32) * down;
  }

  /** How many blocks of a row are wanted, from {@link #left} on. */
  int wanted(int row) {
    return row >= top && row < bottom ? right - left : 0;
  }

  /** Where the coefficients of the blocks of a row are collected with {@link Idct#collect}. */
  float[][] strip(int row) {
    return strips[row % down];
  }

  /** The side of the corner of coefficients that is collected. */
  int side() {
    return side;
  }

  /**
   * Told when a strip is full or a row has ended.
   *
   * @param from the first block that was collected
   * @param to one past the last
   */
  void collected(float[][] strip, int from, int to, int row) {
    for (PlaneRows target : targets) {
      target.blocks(strip, from, to, row);
    }
    if (side == 8) {
      for (float[] coefficients : strip) {
        Arrays.fill(coefficients, 0);
      }
    }
  }

  void begin(int group) {
    for (PlaneRows target : targets) {
      target.begin(group * down);
    }
  }

  void end(int group) {
    for (PlaneRows target : targets) {
      target.end((group + 1) * down);
    }
  }

  /** Rows of MCUs of the frame that have to be gone through. */
  int groups() {
    return (bottom + down - 1) / down;
  }
}

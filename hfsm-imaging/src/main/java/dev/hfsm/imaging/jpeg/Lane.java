package dev.hfsm.imaging.jpeg;

import java.util.List;

/** One component on its way through the decoder: what is needed of it, and who wants it. */
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
  }

  boolean wants(int x, int y) {
    return x >= left && x < right && y >= top && y < bottom;
  }

  void put(int[] coefficients, boolean flat, int x, int y) {
    for (PlaneRows target : targets) {
      target.put(coefficients, flat, x, y);
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

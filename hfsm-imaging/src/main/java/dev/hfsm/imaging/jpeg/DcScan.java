package dev.hfsm.imaging.jpeg;

import dev.hfsm.imaging.jpeg.ScanHeader.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A scan of a progressive picture that holds first coefficients (T.81, G.1.2.1). */
final class DcScan {

  private final ScanHeader scan;
  private final Bits bits;
  private final List<Lane> lanes;
  private final List<Coefficients> all;
  private final int[] predictors = new int[4];

  DcScan(ScanHeader scan, Bits bits, List<Lane> lanes, List<Coefficients> all) {
    this.scan = scan;
    this.bits = bits;
    this.lanes = lanes;
    this.all = all;
  }

  void decode(JpegFrame frame, int groups, Runnable check) throws JpegException {
    if (scan.interleaved()) {
      int mcus = frame.mcusAcross();
      for (int y = 0; y < groups; y++) {
        check.run();
        for (int x = 0; x < mcus; x++) {
          mcu(x, y);
        }
      }
      return;
    }
    Part part = scan.parts().get(0);
    Lane lane = lanes.get(part.component());
    int rows = Math.min(lane.blocksDown, groups * lane.down);
    for (int y = 0; y < rows; y++) {
      check.run();
      for (int x = 0; x < lane.blocksAcross; x++) {
        next();
        block(part, x, y);
      }
    }
  }

  private void next() throws JpegException {
    if (bits.next()) {
      Arrays.fill(predictors, 0);
    }
  }

  private void mcu(int x, int y) throws JpegException {
    next();
    // Without an iterator for each MCU.
    for (int i = 0; i < scan.parts().size(); i++) {
      Part part = scan.parts().get(i);
      Lane lane = lanes.get(part.component());
      for (int v = 0; v < lane.down; v++) {
        for (int h = 0; h < lane.across; h++) {
          block(part, x * lane.across + h, y * lane.down + v);
        }
      }
    }
  }

  /** Blocks that only fill up an MCU are coded as well, but not kept. */
  private void block(Part part, int x, int y) {
    int c = part.component();
    Coefficients to = all.get(c);
    boolean kept = y < to.kept.length && x < lanes.get(c).blocksAcross;
    bits.fill();
    if (scan.refines()) {
      int bit = bits.take(1) << scan.low();
      if (kept) {
        to.kept[y][x * to.slots] |= (short) bit;
      }
      return;
    }
    int size = bits.symbol(Objects.requireNonNull(part.dc())) & 15;
    predictors[c] += HuffmanTable.extend(bits.take(size), size);
    if (kept) {
      to.kept[y][x * to.slots] = (short) (predictors[c] << scan.low());
    }
  }
}

package dev.hfsm.imaging.jpeg;

import dev.hfsm.imaging.jpeg.JpegParser.Parsed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A progressive picture (T.81, annex G): goes through those of its scans that matter for what is
 * wanted, then transforms what they left behind.
 */
final class ProgressivePicture {

  private final JpegInput input;
  private final Parsed parsed;
  private final List<Lane> lanes;
  private final List<Coefficients> all = new ArrayList<>();

  /** By scan and component, the last coefficient of the scan that matters; -1 for none. */
  private final int[][] until;

  ProgressivePicture(JpegInput input, Parsed parsed, List<Lane> lanes) {
    this.input = input;
    this.parsed = parsed;
    this.lanes = lanes;
    this.until = new int[parsed.scans().size()][lanes.size()];
    boolean[] history = plan();
    for (int c = 0; c < lanes.size(); c++) {
      all.add(new Coefficients(lanes.get(c), history[c]));
    }
  }

  /**
   * Backwards: a scan matters if it brings bits of a coefficient that is needed; and a refinement
   * needs to know of its whole band which coefficients were not zero before.
   */
  private boolean[] plan() {
    boolean[] history = new boolean[lanes.size()];
    long[] needed = lanes.stream().mapToLong(l -> Coefficients.mask(l.last)).toArray();
    for (int i = parsed.scans().size() - 1; i >= 0; i--) {
      ScanHeader scan = parsed.scans().get(i);
      Arrays.fill(until[i], -1);
      long band = -1L >>> 63 - scan.last() & -1L << scan.first();
      for (ScanHeader.Part part : scan.parts()) {
        int c = part.component();
        if ((band & needed[c]) != 0) {
          boolean refines = scan.refines() && scan.first() > 0;
          history[c] |= refines;
          needed[c] |= refines ? band : 0;
          until[i][c] = 63 - Long.numberOfLeadingZeros(band & needed[c]);
        }
      }
    }
    return history;
  }

  /** Decodes so many rows of MCUs and delivers them; returns the damage. */
  long decode(int groups, Runnable check) throws JpegException {
    long damage = 0;
    for (int i = 0; i < until.length; i++) {
      ScanHeader scan = parsed.scans().get(i);
      boolean matters = false;
      for (int last : until[i]) {
        matters |= last >= 0;
      }
      if (matters) {
        damage += scan(scan, until[i], groups, check);
      }
    }
    int[] block = new int[64];
    for (int group = 0; group < groups; group++) {
      check.run();
      for (int c = 0; c < lanes.size(); c++) {
        transform(lanes.get(c), all.get(c), group, block);
      }
    }
    return damage;
  }

  private static void transform(Lane lane, Coefficients coefficients, int group, int[] block) {
    if (lane.last < 0) {
      return;
    }
    lane.begin(group);
    int end = Math.min((group + 1) * lane.down, lane.bottom);
    for (int y = Math.max(group * lane.down, lane.top); y < end; y++) {
      float[][] strip = lane.strip(y);
      for (int x = lane.left; x < lane.right; x++) {
        int at = (x - lane.left) % Idct.LANES;
        int length = coefficients.load(x, y, block);
        Idct.collect(lane.side(), block, length, strip, at);
        if (at == Idct.LANES - 1 || x == lane.right - 1) {
          lane.collected(strip, x - at, x + 1, y);
        }
      }
    }
    lane.end(group);
  }

  private long scan(ScanHeader scan, int[] last, int groups, Runnable check) throws JpegException {
    Bits bits = new Bits(input, scan);
    if (scan.first() == 0) {
      new DcScan(scan, bits, lanes, all).decode(parsed.frame(), groups, check);
    } else {
      int c = scan.parts().get(0).component();
      Lane lane = lanes.get(c);
      AcScan ac = new AcScan(scan, bits, all.get(c), last[c]);
      int rows = Math.min(lane.blocksDown, groups * lane.down);
      for (int y = 0; y < rows; y++) {
        check.run();
        ac.row(y, lane.blocksAcross);
      }
    }
    bits.end();
    return bits.damage;
  }
}

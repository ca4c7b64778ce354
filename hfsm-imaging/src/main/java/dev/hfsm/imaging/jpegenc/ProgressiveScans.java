package dev.hfsm.imaging.jpegenc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The scans that libjpeg makes of a progressive picture. All coefficients are kept until the end;
 * each scan is gone through twice, to count its symbols and to write them.
 */
final class ProgressiveScans implements JpegEncoder.Scan {

  private final JpegSpec spec;
  private final Plane[] planes;
  private final BitWriter out;
  private final Markers markers;
  private final Runnable check;

  /** For each plane its rows of blocks, 64 coefficients for each block in zigzag order. */
  private final List<List<short[]>> coefficients = new ArrayList<>();

  ProgressiveScans(JpegSpec spec, Plane[] planes, BitWriter out, Markers markers, Runnable check) {
    this.spec = spec;
    this.planes = planes;
    this.out = out;
    this.markers = markers;
    this.check = check;
    for (int p = 0; p < planes.length; p++) {
      coefficients.add(new ArrayList<>());
    }
  }

  @Override
  public void units(float[][][] blockRows) {
    for (int p = 0; p < planes.length; p++) {
      for (float[] blockRow : blockRows[p]) {
        if (blockRow != null) {
          coefficients.get(p).add(blocks(blockRow, planes[p].blocks));
        }
      }
    }
  }

  private static short[] blocks(float[] blockRow, int blocks) {
    short[] row = new short[64 * blocks];
    for (int b = 0; b < blocks; b++) {
      int at = b / Fdct.LANES * Fdct.STRIP + b % Fdct.LANES;
      for (int k = 0; k < 64; k++) {
        row[64 * b + k] = (short) blockRow[at + k * Fdct.LANES];
      }
    }
    return row;
  }

  @Override
  public void finish() throws IOException {
    dc(0, 1);
    if (planes.length == 1) {
      ac(0, 1, 5, 0, 2);
      ac(0, 6, 63, 0, 2);
      ac(0, 1, 63, 2, 1);
      dc(1, 0);
      ac(0, 1, 63, 1, 0);
      return;
    }
    ac(0, 1, 5, 0, 2);
    ac(2, 1, 63, 0, 1);
    ac(1, 1, 63, 0, 1);
    ac(0, 6, 63, 0, 2);
    ac(0, 1, 63, 2, 1);
    dc(1, 0);
    ac(2, 1, 63, 1, 0);
    ac(1, 1, 63, 1, 0);
    ac(0, 1, 63, 1, 0);
  }

  /** A scan of the DC of all planes. */
  private void dc(int high, int low) throws IOException {
    int[] all = new int[planes.length];
    for (int p = 0; p < all.length; p++) {
      all[p] = p;
    }
    Symbols symbols = new Symbols(out);
    if (high == 0) {
      dcUnits(symbols, high, low);
      for (int id = 0; id < Math.min(2, planes.length); id++) {
        markers.table(0, id, symbols.table(id));
      }
    }
    markers.scan(all, 0, 0, high, low);
    out.bytes(markers.take());
    symbols.write();
    dcUnits(symbols, high, low);
    out.align();
  }

  private void dcUnits(Symbols symbols, int high, int low) throws IOException {
    int unitWidth = 8 * spec.sampling().across();
    int unitHeight = 8 * spec.sampling().down();
    int[] predicted = new int[planes.length];
    for (int y = 0; y < (spec.height() + unitHeight - 1) / unitHeight; y++) {
      check.run();
      for (int x = 0; x < (spec.width() + unitWidth - 1) / unitWidth; x++) {
        for (int p = 0; p < planes.length; p++) {
          dcPlane(symbols, p, x, y, high, low, predicted);
        }
      }
    }
  }

  private void dcPlane(
      Symbols symbols, int p, int unitX, int unitY, int high, int low, int[] predicted)
      throws IOException {
    int across = spec.sampling().blocksAcross(p);
    int down = spec.sampling().blocksDown(p);
    List<short[]> rows = coefficients.get(p);
    for (int y = unitY * down; y < (unitY + 1) * down; y++) {
      for (int x = unitX * across; x < (unitX + 1) * across; x++) {
        boolean real = y < rows.size() && x < planes[p].blocks;
        int dc = real ? rows.get(y)[64 * x] >> low : predicted[p];
        if (high == 0) {
          symbols.value(p == 0 ? 0 : 1, 0, dc - predicted[p]);
        } else {
          symbols.bits(dc & 1, 1);
        }
        predicted[p] = dc;
      }
    }
  }

  /** A scan of some of the AC of one plane. */
  private void ac(int plane, int from, int to, int high, int low) throws IOException {
    Symbols symbols = new Symbols(out);
    acBlocks(symbols, plane, from, to, high, low);
    int id = plane == 0 ? 0 : 1;
    markers.table(1, id, symbols.table(0));
    markers.scan(new int[] {plane}, from, to, high, low);
    out.bytes(markers.take());
    symbols.write();
    acBlocks(symbols, plane, from, to, high, low);
    out.align();
  }

  private void acBlocks(Symbols symbols, int plane, int from, int to, int high, int low)
      throws IOException {
    AcScan scan = new AcScan(symbols, from, to, low);
    for (short[] row : coefficients.get(plane)) {
      check.run();
      for (int at = 0; at < row.length; at += 64) {
        if (high == 0) {
          scan.first(row, at);
        } else {
          scan.refine(row, at);
        }
      }
    }
    scan.end();
  }
}

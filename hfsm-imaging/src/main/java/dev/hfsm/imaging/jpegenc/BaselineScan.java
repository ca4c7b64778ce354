package dev.hfsm.imaging.jpegenc;

import java.io.IOException;

/** One scan of all planes, with code tables made for it. */
final class BaselineScan implements JpegEncoder.Scan {

  private final JpegSpec spec;
  private final Plane[] planes;
  private final BitWriter out;
  private final Markers markers;
  private final long mostTokens;
  private final Tokens tokens = new Tokens();
  private final int[] predicted;
  private final int unitsAcross;
  private int @org.jspecify.annotations.Nullable [] codes;

  BaselineScan(JpegSpec spec, Plane[] planes, BitWriter out, Markers markers, int tokenBytes) {
    this.spec = spec;
    this.planes = planes;
    this.out = out;
    this.markers = markers;
    this.mostTokens = tokenBytes / 2;
    this.predicted = new int[planes.length];
    int unitWidth = 8 * spec.sampling().across();
    this.unitsAcross = (spec.width() + unitWidth - 1) / unitWidth;
  }

  @Override
  public void units(float[][][] blockRows) throws IOException {
    for (int unit = 0; unit < unitsAcross; unit++) {
      for (int p = 0; p < planes.length; p++) {
        plane(p, unit, blockRows[p]);
      }
    }
    int[] known = codes;
    if (known != null) {
      tokens.drain(out, known);
    } else if (tokens.size() > mostTokens) {
      tokens.allowAll();
      tokens.drain(out, begin());
    }
  }

  private void plane(int p, int unit, float[][] blockRows) {
    int across = spec.sampling().blocksAcross(p);
    int table = p == 0 ? 0 : 2;
    for (float[] blockRow : blockRows) {
      for (int b = unit * across; b < (unit + 1) * across; b++) {
        if (blockRow == null || b >= planes[p].blocks) {
          tokens.dummy(table);
        } else {
          int at = b / Fdct.LANES * Fdct.STRIP + b % Fdct.LANES;
          predicted[p] = tokens.block(blockRow, at, predicted[p], table);
        }
      }
    }
  }

  @Override
  public void finish() throws IOException {
    int[] known = codes;
    tokens.drain(out, known != null ? known : begin());
    out.align();
  }

  /** Writes everything that stands before the data. */
  private int[] begin() throws IOException {
    Huffman[] tables = new Huffman[planes.length == 1 ? 2 : 4];
    for (int t = 0; t < tables.length; t++) {
      tables[t] = Huffman.of(tokens.frequencies, t << 8);
      markers.table(t & 1, t >> 1, tables[t]);
    }
    int[] all = new int[planes.length];
    for (int p = 0; p < all.length; p++) {
      all[p] = p;
    }
    markers.scan(all, 0, 63, 0, 0);
    out.bytes(markers.take());
    int[] made = Tokens.codes(tables);
    codes = made;
    return made;
  }
}

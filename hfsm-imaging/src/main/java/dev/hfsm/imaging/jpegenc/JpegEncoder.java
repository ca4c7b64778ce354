package dev.hfsm.imaging.jpegenc;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes one JPEG from the rows of its planes. The rows of each plane come from top to bottom; the
 * planes may be ahead of each other, but what one is ahead is kept in memory.
 *
 * <p>Code tables are made for the picture. A baseline picture is therefore kept as the symbols it
 * will be written with, which is small, until it is complete or {@link #TOKEN_BYTES} are full; from
 * then on it is written as it comes, with the tables made for what came first. What is written
 * depends on the rows alone.
 *
 * <p>For use by one thread. The stream is neither flushed nor closed. After an exception the
 * encoder is of no more use.
 */
public final class JpegEncoder {

  /** The most that is kept of a baseline picture in bytes. */
  static final int TOKEN_BYTES = 16 << 20;

  private final JpegSpec spec;
  private final Runnable check;
  private final BitWriter out;
  private final Markers markers = new Markers();
  private final int[][] tables;
  private final Plane[] planes;
  private final Scan scan;
  private final int unitRows;
  private int unitRow;
  private boolean finished;

  /** What becomes of rows of coding units. */
  interface Scan {
    /** The next row of units; rows of blocks beyond a plane's last are absent. */
    void units(float[][][] blockRows) throws IOException;

    void finish() throws IOException;
  }

  /**
   * @param out receives the file
   * @param check called every few rows; throws to stop
   */
  public JpegEncoder(JpegSpec spec, OutputStream out, Runnable check) {
    this(spec, out, check, TOKEN_BYTES);
  }

  JpegEncoder(JpegSpec spec, OutputStream out, Runnable check, int tokenBytes) {
    this.spec = spec;
    this.check = check;
    this.out = new BitWriter(out);
    Sampling sampling = spec.sampling();
    this.tables = new int[Math.min(2, sampling.planes())][];
    for (int t = 0; t < tables.length; t++) {
      tables[t] = Quantization.table(t, spec.quality());
    }
    this.planes = new Plane[sampling.planes()];
    for (int p = 0; p < planes.length; p++) {
      planes[p] =
          new Plane(
              sampling.width(p, spec.width()),
              sampling.height(p, spec.height()),
              tables[Math.min(p, 1)]);
    }
    int unitHeight = 8 * sampling.down();
    this.unitRows = (spec.height() + unitHeight - 1) / unitHeight;
    this.scan =
        spec.scans() == JpegSpec.Scans.PROGRESSIVE
            ? new ProgressiveScans(spec, planes, this.out, markers, check)
            : new BaselineScan(spec, planes, this.out, markers, tokenBytes);
    markers.head(spec, tables);
  }

  /**
   * Bytes that an encoder takes, at most, if no plane gets ahead of another by more than the rows
   * of one coding unit; without what the stream keeps.
   */
  public static long bytes(JpegSpec spec) {
    Sampling sampling = spec.sampling();
    long rows = 0;
    long blocks = 0;
    for (int p = 0; p < sampling.planes(); p++) {
      int width = sampling.width(p, spec.width());
      int height = sampling.height(p, spec.height());
      rows += 4L * Plane.size(width) * (2 * sampling.blocksDown(p) + 2) + 512;
      blocks += ((width + 15) / 8L + 1) * ((height + 15) / 8L + 1);
    }
    long profile = spec.profile().map(icc -> 2L * icc.length).orElse(0L);
    long kept =
        spec.scans() == JpegSpec.Scans.PROGRESSIVE
            ? blocks * 128
            : Math.min(TOKEN_BYTES + 256 * blocks / spec.height(), blocks * 256) + 4 * Tokens.CHUNK;
    return rows + kept + profile + 100_000;
  }

  /**
   * The next row of a plane.
   *
   * @param plane 0 for brightness, 1 for Cb, 2 for Cr
   * @param samples from {@code offset} on as many as {@link Sampling#width} says; nominally 0 to
   *     255, clamped to that; neutral colour is 128. Not kept
   */
  public void row(int plane, float[] samples, int offset) throws IOException {
    planes[plane].row(samples, offset);
    advance();
  }

  /** The same with samples of 0 to 255. */
  public void row(int plane, byte[] samples, int offset) throws IOException {
    planes[plane].row(samples, offset);
    advance();
  }

  private void advance() throws IOException {
    Sampling sampling = spec.sampling();
    while (unitRow < unitRows) {
      for (int p = 0; p < planes.length; p++) {
        if (planes[p].ready() < expected(p)) {
          return;
        }
      }
      float[][][] blockRows = new float[planes.length][][];
      for (int p = 0; p < planes.length; p++) {
        blockRows[p] = new float[sampling.blocksDown(p)][];
        for (int i = 0, n = expected(p); i < n; i++) {
          blockRows[p][i] = planes[p].take();
        }
      }
      scan.units(blockRows);
      for (int p = 0; p < planes.length; p++) {
        for (int i = 0, n = expected(p); i < n; i++) {
          planes[p].giveBack(blockRows[p][i]);
        }
      }
      unitRow++;
      check.run();
    }
  }

  /** Rows of blocks with samples in the current row of units. */
  private int expected(int plane) {
    int perUnit = spec.sampling().blocksDown(plane);
    return Math.min(perUnit, planes[plane].blockRows - unitRow * perUnit);
  }

  /** Completes the file; all rows have to be there. */
  public void finish() throws IOException {
    for (int p = 0; p < planes.length; p++) {
      if (planes[p].rows() != planes[p].height) {
        throw new IllegalStateException(
            "jpeg: expected %d rows of plane %d, found %d"
                .formatted(planes[p].height, p, planes[p].rows()));
      }
    }
    if (finished) {
      throw new IllegalStateException("jpeg: finished already");
    }
    finished = true;
    scan.finish();
    markers.end();
    out.bytes(markers.take());
  }
}

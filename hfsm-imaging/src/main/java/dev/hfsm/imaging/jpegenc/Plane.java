package dev.hfsm.imaging.jpegenc;

import java.util.ArrayDeque;

/**
 * Collects the rows of one plane into rows of blocks, transforms and quantises these, and keeps
 * them until they are written.
 */
final class Plane {

  final int width;
  final int height;

  /** Blocks side by side that hold samples. */
  final int blocks;

  /** Rows of blocks that hold samples. */
  final int blockRows;

  private final float[] reciprocals;
  private final ArrayDeque<float[]> ready = new ArrayDeque<>();
  private final ArrayDeque<float[]> spare = new ArrayDeque<>();
  private final float[] current;
  private int rows;

  Plane(int width, int height, int[] table) {
    this.width = width;
    this.height = height;
    this.blocks = (width + 7) / 8;
    this.blockRows = (height + 7) / 8;
    this.reciprocals = Fdct.reciprocals(table);
    this.current = new float[size(width)];
  }

  /** Floats that a row of blocks takes. */
  static int size(int width) {
    int blocks = (width + 7) / 8;
    return (blocks + Fdct.LANES - 1) / Fdct.LANES * Fdct.STRIP;
  }

  int rows() {
    return rows;
  }

  /** How many rows of blocks wait to be taken. */
  int ready() {
    return ready.size();
  }

  /** The oldest row of blocks; to be given back. */
  float[] take() {
    return ready.remove();
  }

  void giveBack(float[] blockRow) {
    spare.push(blockRow);
  }

  void row(float[] samples, int offset) {
    int y = begin();
    int full = width / 8;
    for (int b = 0; b < full; b += Fdct.LANES) {
      int to = lane(b, y);
      int n = Math.min(Fdct.LANES, full - b);
      for (int i = 0; i < 8; i++) {
        spread(samples, offset + 8 * b + i, to + i * Fdct.LANES, n);
      }
    }
    for (int i = 0; full < blocks && i < 8; i++) {
      int x = Math.min(width - 1, 8 * full + i);
      current[lane(full, y) + i * Fdct.LANES] = samples[offset + x];
    }
    end(y);
  }

  private void spread(float[] samples, int from, int to, int n) {
    float[] into = current;
    for (int b = 0; b < n; b++) {
      into[to + b] = samples[from + 8 * b];
    }
  }

  void row(byte[] samples, int offset) {
    int y = begin();
    int full = width / 8;
    for (int b = 0; b < full; b += Fdct.LANES) {
      int to = lane(b, y);
      int n = Math.min(Fdct.LANES, full - b);
      for (int i = 0; i < 8; i++) {
        spread(samples, offset + 8 * b + i, to + i * Fdct.LANES, n);
      }
    }
    for (int i = 0; full < blocks && i < 8; i++) {
      int x = Math.min(width - 1, 8 * full + i);
      current[lane(full, y) + i * Fdct.LANES] = samples[offset + x] & 0xFF;
    }
    end(y);
  }

  private void spread(byte[] samples, int from, int to, int n) {
    float[] into = current;
    for (int b = 0; b < n; b++) {
      into[to + b] = samples[from + 8 * b] & 0xFF;
    }
  }

  private int begin() {
    if (rows == height) {
      throw new IllegalStateException("jpeg: expected %d rows, found more".formatted(height));
    }
    return rows++ & 7;
  }

  private static int lane(int block, int y) {
    return block / Fdct.LANES * Fdct.STRIP + y * 8 * Fdct.LANES + block % Fdct.LANES;
  }

  private void end(int y) {
    if (y < 7 && rows < height) {
      return;
    }
    float[] recycled = spare.poll();
    float[] coefficients = recycled != null ? recycled : new float[current.length];
    for (int strip = 0; strip < current.length; strip += Fdct.STRIP) {
      // The last row stands for those that a block has beyond the plane.
      for (int below = y + 1; below < 8; below++) {
        System.arraycopy(
            current,
            strip + y * 8 * Fdct.LANES,
            current,
            strip + below * 8 * Fdct.LANES,
            8 * Fdct.LANES);
      }
      Fdct.quantised(current, coefficients, strip, reciprocals);
    }
    ready.add(coefficients);
  }
}

package dev.hfsm.imaging.jpegenc;

import java.util.ArrayDeque;
import java.util.Arrays;

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
  private final float[][] current;
  private final float[][] work;
  private int rows;

  Plane(int width, int height, int[] table) {
    this.width = width;
    this.height = height;
    this.blocks = (width + 7) / 8;
    this.blockRows = (height + 7) / 8;
    this.reciprocals = Fdct.reciprocals(table);
    this.current = new float[8][size(width) / 8];
    this.work = new float[8][size(width) / 8];
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
    float[] row = current[y];
    System.arraycopy(samples, offset, row, 0, width);
    end(y);
  }

  void row(byte[] samples, int offset) {
    int y = begin();
    float[] row = current[y];
    for (int x = 0; x < width; x++) {
      row[x] = samples[offset + x] & 0xFF;
    }
    end(y);
  }

  private int begin() {
    if (rows == height) {
      throw new IllegalStateException("jpeg: expected %d rows, found more".formatted(height));
    }
    return rows++ & 7;
  }

  private void end(int y) {
    // The last sample stands for those that a block has beyond the plane.
    Arrays.fill(current[y], width, 8 * blocks, current[y][width - 1]);
    if (y < 7 && rows < height) {
      return;
    }
    for (int below = y + 1; below < 8; below++) {
      System.arraycopy(current[y], 0, current[below], 0, 8 * blocks);
    }
    float[] recycled = spare.poll();
    float[] coefficients = recycled != null ? recycled : new float[size(width)];
    Fdct.quantised(current, work, size(width) / 64, coefficients, reciprocals);
    ready.add(coefficients);
  }
}

package dev.hfsm.imaging.jpeg;

/**
 * At which part of its size a component is decoded: only the low-frequency corner of each block is
 * transformed, as if the picture had been sampled at that size.
 */
public enum JpegScale {
  /** The component is not wanted. */
  NONE(0),
  /** One sample of each block: an eighth of the width and height. */
  EIGHTH(1),
  /** 2 × 2 samples of each block. */
  QUARTER(2),
  /** 4 × 4 samples of each block. */
  HALF(4),
  /** All 8 × 8 samples. */
  FULL(8);

  /** The last coefficient, in zigzag order, of the corner that is used. */
  private static final int[] LAST = {-1, 0, 4, 24, 63};

  private final int samples;

  JpegScale(int samples) {
    this.samples = samples;
  }

  /** Samples that each block of 8 × 8 becomes, in each direction. */
  public int samples() {
    return samples;
  }

  int lastCoefficient() {
    return LAST[ordinal()];
  }
}

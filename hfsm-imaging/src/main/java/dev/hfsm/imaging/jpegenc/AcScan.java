package dev.hfsm.imaging.jpegenc;

import java.io.IOException;

/** The AC coefficients of one plane in a progressive scan (ITU-T T.81 annex G.1.2). */
final class AcScan {

  private static final int MOST_BLOCKS = 0x7FFF;

  /** Correcting bits that wait for their end-of-band; a block adds fewer than 64. */
  private static final int MOST_CORRECTIONS = 1024;

  private final Symbols out;
  private final int from;
  private final int to;
  private final int low;
  private final int[] magnitudes = new int[64];

  /** First the bits of the blocks in the current end-of-band run, then those of this block. */
  private final byte[] corrections = new byte[MOST_CORRECTIONS];

  private int blocks;
  private int waiting;

  AcScan(Symbols out, int from, int to, int low) {
    this.out = out;
    this.from = from;
    this.to = to;
    this.low = low;
  }

  /** A block of a first scan. */
  void first(short[] coefficients, int at) throws IOException {
    int run = 0;
    for (int k = from; k <= to; k++) {
      int value = coefficients[at + k];
      int magnitude = Math.abs(value) >> low;
      if (magnitude == 0) {
        run++;
        continue;
      }
      endOfBand();
      for (; run > 15; run -= 16) {
        out.symbol(0, 0xF0);
      }
      out.value(0, run << 4, value < 0 ? -magnitude : magnitude);
      run = 0;
    }
    if (run > 0 && ++blocks == MOST_BLOCKS) {
      endOfBand();
    }
  }

  /** A block of a scan that adds a bit to what is known. */
  void refine(short[] coefficients, int at) throws IOException {
    int lastNew = 0;
    for (int k = from; k <= to; k++) {
      magnitudes[k] = Math.abs(coefficients[at + k]) >> low;
      if (magnitudes[k] == 1) {
        lastNew = k;
      }
    }
    int run = 0;
    int begin = waiting;
    int own = 0;
    for (int k = from; k <= to; k++) {
      int magnitude = magnitudes[k];
      if (magnitude == 0) {
        run++;
        continue;
      }
      while (run > 15 && k <= lastNew) {
        endOfBand();
        out.symbol(0, 0xF0);
        run -= 16;
        correct(begin, own);
        begin = 0;
        own = 0;
      }
      if (magnitude > 1) {
        corrections[begin + own++] = (byte) (magnitude & 1);
        continue;
      }
      endOfBand();
      out.symbol(0, run << 4 | 1);
      out.bits(coefficients[at + k] < 0 ? 0 : 1, 1);
      correct(begin, own);
      begin = 0;
      own = 0;
      run = 0;
    }
    if (run > 0 || own > 0) {
      blocks++;
      waiting += own;
      if (blocks == MOST_BLOCKS || waiting > MOST_CORRECTIONS - 64) {
        endOfBand();
      }
    }
  }

  void end() throws IOException {
    endOfBand();
  }

  private void correct(int begin, int length) throws IOException {
    for (int i = begin; i < begin + length; i++) {
      out.bits(corrections[i], 1);
    }
  }

  /** Writes the run of blocks that have nothing more, if there is one. */
  private void endOfBand() throws IOException {
    if (blocks == 0) {
      return;
    }
    int length = 31 - Integer.numberOfLeadingZeros(blocks);
    out.symbol(0, length << 4);
    out.bits(blocks, length);
    blocks = 0;
    correct(0, waiting);
    waiting = 0;
  }
}

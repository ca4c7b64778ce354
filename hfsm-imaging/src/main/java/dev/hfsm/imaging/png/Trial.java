package dev.hfsm.imaging.png;

import java.util.zip.Deflater;

/**
 * Finds out whether looking for repetitions makes a picture smaller, which takes most of the time
 * of writing one: in filtered rows of photographs hardly anything repeats. Looks at a few rows in
 * several places, so that the answer depends on nothing but the pixels.
 */
final class Trial {

  private static final int PLACES = 4;
  private static final int PLACE_BYTES = 6000;

  private Trial() {}

  /** Bytes that a trial takes, native memory included. */
  static long bytes(long rowBytes) {
    return 3 * PLACES * Math.max(PLACE_BYTES, rowBytes + 1) + 8 * rowBytes + 300_000;
  }

  /** A strategy of {@link Deflater}. */
  static int strategy(PngSpec spec, PngLayout layout, byte[] samples) {
    byte[] sample = sample(spec, layout, samples);
    long coded = deflated(sample, spec.level(), Deflater.HUFFMAN_ONLY);
    long searched = deflated(sample, spec.level(), Deflater.FILTERED);
    return coded <= searched + searched / 64 ? Deflater.HUFFMAN_ONLY : Deflater.FILTERED;
  }

  private static byte[] sample(PngSpec spec, PngLayout layout, byte[] samples) {
    int width = spec.width();
    int length = width * layout.samples();
    int rows = Math.max(1, PLACE_BYTES / (length + 1));
    int height = spec.height();
    int taken = Math.min(height, PLACES * rows);
    byte[] sample = new byte[taken * (length + 1)];
    byte[] row = new byte[length];
    byte[] above = new byte[length];
    byte[] result = new byte[length];
    byte[] converted = new byte[4 * width];
    int at = 0;
    for (int i = 0; i < taken; i++) {
      int y = (int) ((long) (i / rows) * height * rows / taken) + i % rows;
      layout.convert(samples, y * width * spec.channels(), spec.channels(), converted, width);
      System.arraycopy(converted, 0, row, 0, length);
      int type = Filters.best(row, above, result, layout.samples());
      sample[at] = (byte) type;
      System.arraycopy(type == 0 ? row : result, 0, sample, at + 1, length);
      at += length + 1;
      byte[] latest = row;
      row = above;
      above = latest;
    }
    return sample;
  }

  private static long deflated(byte[] bytes, int level, int strategy) {
    Deflater deflater = new Deflater(level);
    try {
      deflater.setStrategy(strategy);
      deflater.setInput(bytes);
      deflater.finish();
      byte[] block = new byte[1 << 13];
      while (!deflater.finished()) {
        deflater.deflate(block);
      }
      return deflater.getBytesWritten();
    } finally {
      deflater.end();
    }
  }
}

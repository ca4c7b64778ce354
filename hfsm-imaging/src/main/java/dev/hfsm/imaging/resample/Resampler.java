package dev.hfsm.imaging.resample;

import java.io.IOException;

/**
 * Resizes one plane, or the interleaved samples of one picture, row by row: rows of the source go
 * in from top to bottom, rows of exactly the size asked for come out from top to bottom. Holds a
 * few rows, never the picture. What comes out depends on nothing but what goes in: not on the
 * machine, not on how rows are grouped.
 *
 * <p>Samples are not clamped: a sharp filter goes a little beyond the range of its input. Colour
 * that has alpha beside it has to be premultiplied, see {@link Samples}.
 *
 * <p>For use by one thread.
 */
public final class Resampler {

  /** Takes finished rows. */
  @FunctionalInterface
  public interface Sink {
    /**
     * The next finished row.
     *
     * @param y from 0
     * @param samples the row from index 0 on; the array is used again and may be longer
     */
    void row(int y, float[] samples) throws IOException;
  }

  /** Up to so many rows are kept as they are; beyond, sums of them are. */
  private static final int MOST_KEPT = 16;

  private static final int BATCH = 4;

  private final int channels;
  private final Kernel down;
  private final Across across;
  private final Sink sink;
  private final Runnable check;
  private final Order order;
  private final int begin;
  private final int end;
  private final int left;
  private final int width;

  /** Source rows, or those already resized across, or those of a batch. */
  private final float[][] ring;

  /** Sums that are not complete yet, when rows are spread. */
  private final float[][] open;

  /** Rows that are complete but for the way across. */
  private final float[][] group;

  private final float[][] results;
  private int next;
  private int batched;
  private int opened;
  private int done;
  private int grouped;
  private int emitted;

  private enum Order {
    /** Keeps source rows; sums up an output when its last row has come. */
    GATHER,
    /** Adds each batch of rows to all outputs that it is a part of. */
    SPREAD,
    /** Resizes across first, because there are fewer rows of source than of output. */
    ACROSS_FIRST
  }

  /**
   * @param channels samples side by side for one pixel, 1 to 4
   * @param across the columns
   * @param down the rows
   * @param check called every few rows; throws to stop
   */
  public Resampler(int channels, Axis across, Axis down, Filter filter, Sink sink, Runnable check) {
    if (channels < 1 || channels > 4) {
      throw new IllegalArgumentException("resample: expected 1 to 4 channels, found " + channels);
    }
    this.channels = channels;
    this.sink = sink;
    this.check = check;
    this.down = Kernel.of(down, filter, 1);
    Kernel columns = Kernel.of(across, filter, multiple(channels));
    this.begin = this.down.begin();
    this.end = this.down.end();
    this.left = columns.begin();
    this.width = columns.end() - left;
    this.across = new Across(columns.within(left, width));
    this.order = order(down, filter);
    int in = Math.max(width, columns.taps) * channels;
    int out = across.count() * channels;
    int rows = order == Order.SPREAD ? BATCH : ringSize();
    this.ring = new float[rows][order == Order.ACROSS_FIRST ? out : in];
    this.open = new float[order == Order.SPREAD ? mostOpen() : 0][in];
    this.group = new float[channels == 1 && order != Order.ACROSS_FIRST ? 4 : 1][in];
    this.results = new float[group.length][out];
  }

  private static int multiple(int channels) {
    return channels == 1 ? 4 : 1;
  }

  private static Order order(Axis down, Filter filter) {
    if (down.step() < 1) {
      return Order.ACROSS_FIRST;
    }
    return Kernel.mostTaps(down, filter, 1) > MOST_KEPT ? Order.SPREAD : Order.GATHER;
  }

  /** Bytes that an instance takes, at most. */
  public static long bytes(int channels, Axis across, Axis down, Filter filter) {
    Order order = order(down, filter);
    int multiple = multiple(channels);
    long taps = Kernel.mostTaps(down, filter, 1);
    long in =
        4L * channels * Math.max(across.available(), Kernel.mostTaps(across, filter, multiple));
    long out = 4L * channels * across.count();
    long rows =
        switch (order) {
          case GATHER -> (taps + 4) * in;
          case SPREAD -> (BATCH + 4 + 2 + (long) Math.ceil((taps + BATCH) / down.step())) * in;
          case ACROSS_FIRST -> (taps + 4) * out + in;
        };
    return rows
        + 4 * out
        + Kernel.bytes(across, filter, multiple)
        + 4L * across.count()
        + Kernel.bytes(down, filter, 1)
        + 4096;
  }

  /** The first row of the source that is used; those before it may be anything. */
  public int firstRow() {
    return begin;
  }

  /** One past the last row of the source that is used; the ones from there on may be left out. */
  public int endRow() {
    return end;
  }

  /** The next row of the source, whose first is row 0; {@code samples} is not kept. */
  public void row(float[] samples, int offset) throws IOException {
    int y = next++;
    if (y < begin || y >= end) {
      return;
    }
    switch (order) {
      case GATHER -> {
        System.arraycopy(
            samples, offset + left * channels, ring[y % ring.length], 0, width * channels);
        gather(y);
      }
      case SPREAD -> {
        System.arraycopy(samples, offset + left * channels, ring[batched++], 0, width * channels);
        if (batched == BATCH || y == end - 1) {
          spread(y);
        }
      }
      case ACROSS_FIRST -> {
        System.arraycopy(samples, offset + left * channels, group[0], 0, width * channels);
        across.apply(channels, group[0], ring[y % ring.length]);
        gatherResults(y);
      }
    }
  }

  private void gather(int y) throws IOException {
    while (done < down.count && down.last(done) <= y) {
      sum(done++, group[grouped++], width * channels);
      flush();
    }
  }

  private void gatherResults(int y) throws IOException {
    int from = done;
    while (done < down.count && down.last(done) <= y) {
      sum(done, results[0], results[0].length);
      sink.row(done++, results[0]);
    }
    if (done != from) {
      check.run();
    }
  }

  private void sum(int output, float[] into, int n) {
    Down.gather(
        into, ring, down.first[output], down.weights, output * down.stride, down.used[output], n);
  }

  /** Adds the batch that ends with row y to every sum that one of its rows is a part of. */
  private void spread(int y) throws IOException {
    int from = y - batched + 1;
    int n = width * channels;
    for (int o = done; o < down.count && down.first[o] <= y; o++) {
      float[] sum = open[o % open.length];
      float a = weight(o, from);
      float b = weight(o, from + 1);
      float c = weight(o, from + 2);
      float d = weight(o, from + 3);
      if (o < opened) {
        Down.add(sum, ring[0], a, ring[1], b, ring[2], c, ring[3], d, n);
      } else {
        Down.set(sum, ring[0], a, ring[1], b, ring[2], c, ring[3], d, n);
        opened = o + 1;
      }
    }
    batched = 0;
    while (done < down.count && down.last(done) <= y) {
      int slot = done++ % open.length;
      float[] complete = open[slot];
      open[slot] = group[grouped];
      group[grouped++] = complete;
      flush();
    }
  }

  private float weight(int output, int row) {
    int tap = row - down.first[output];
    return tap < 0 || tap >= down.used[output] ? 0 : down.weights[output * down.stride + tap];
  }

  /** Takes a full group across, or what there is of the last one. */
  private void flush() throws IOException {
    if (grouped < group.length && done < down.count) {
      return;
    }
    if (group.length == 4) {
      across.four(group, results);
    } else {
      across.apply(channels, group[0], results[0]);
    }
    for (int i = 0; i < grouped; i++) {
      sink.row(emitted++, results[i]);
    }
    grouped = 0;
    check.run();
  }

  /** How many rows lie between the oldest that an output needs and the newest at that time. */
  private int ringSize() {
    int most = 1;
    int newest = 0;
    for (int o = 0; o < down.count; o++) {
      newest = Math.max(newest, down.last(o));
      most = Math.max(most, newest - down.first[o] + 1);
    }
    return most;
  }

  /** The most sums that are begun and not complete, when rows come in batches. */
  private int mostOpen() {
    int most = 1;
    int oldest = 0;
    for (int o = 0; o < down.count; o++) {
      // An output opens at the end of the batch at the latest, and an older one may then be open
      // although its last row came earlier in the same batch.
      while (down.last(oldest) + BATCH <= down.first[o]) {
        oldest++;
      }
      most = Math.max(most, o - oldest + 1);
    }
    return most + 1;
  }
}

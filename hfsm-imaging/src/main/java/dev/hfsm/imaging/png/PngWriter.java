package dev.hfsm.imaging.png;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Writes one PNG from rows of straight 8-bit samples. A picture of at most {@link #KEPT_BYTES} is
 * kept until it is complete, and then written in the smallest form that loses nothing: without
 * alpha if it is opaque, in grey if it has no colour, with a palette if it has few. A larger one is
 * written as its rows come.
 *
 * <p>For use by one thread. The stream is neither flushed nor closed.
 */
public final class PngWriter implements AutoCloseable {

  static final int KEPT_BYTES = 8 << 20;

  private final PngSpec spec;
  private final OutputStream out;
  private final Runnable check;
  private final byte @Nullable [] kept;
  private @Nullable PngStream stream;
  private int rows;

  /**
   * @param out receives the file
   * @param check called for every row or few; throws to stop
   */
  public PngWriter(PngSpec spec, OutputStream out, Runnable check) {
    this.spec = spec;
    this.out = out;
    this.check = check;
    this.kept = keeps(spec) ? new byte[spec.width() * spec.height() * spec.channels()] : null;
  }

  private static boolean keeps(PngSpec spec) {
    return (long) spec.width() * spec.height() <= KEPT_BYTES / spec.channels();
  }

  /** Bytes that a writer takes, at most, native memory included; without what the stream keeps. */
  public static long bytes(PngSpec spec) {
    long row = (long) spec.width() * spec.channels();
    long profile = spec.profile().map(icc -> 3L * icc.length).orElse(0L);
    long whole = keeps(spec) ? row * spec.height() + Trial.bytes(row) : 0;
    return 6 * row + whole + profile + 400_000;
  }

  /**
   * The next row.
   *
   * @param samples {@code width * channels} of them from {@code offset} on; not kept
   */
  public void row(byte[] samples, int offset) throws IOException {
    if (rows == spec.height()) {
      throw new IllegalStateException("png: expected %d rows, found more".formatted(rows));
    }
    int length = spec.width() * spec.channels();
    byte[] all = kept;
    if (all != null) {
      System.arraycopy(samples, offset, all, rows * length, length);
    } else {
      PngStream streaming = stream;
      if (streaming == null) {
        PngLayout plain = PngLayout.plain(spec.channels());
        streaming = new PngStream(spec, plain, Deflater.FILTERED, out);
        stream = streaming;
      }
      streaming.row(samples, offset);
    }
    rows++;
    check.run();
  }

  /** Completes the file; all rows have to be there. */
  public void finish() throws IOException {
    if (rows != spec.height()) {
      throw new IllegalStateException(
          "png: expected %d rows, found %d".formatted(spec.height(), rows));
    }
    byte[] all = kept;
    if (all != null) {
      boolean mayBeGrey = spec.profile().isEmpty() || spec.channels() < 3;
      PngLayout layout =
          PngLayout.smallest(all, spec.width(), spec.height(), spec.channels(), mayBeGrey);
      int strategy = layout.filters() ? Trial.strategy(spec, layout, all) : Deflater.FILTERED;
      PngStream whole = new PngStream(spec, layout, strategy, out);
      stream = whole;
      byte[] row = new byte[spec.width() * 4];
      for (int y = 0; y < spec.height(); y++) {
        layout.convert(all, y * spec.width() * spec.channels(), spec.channels(), row, spec.width());
        whole.row(row, 0);
        check.run();
      }
    }
    PngStream complete = stream;
    if (complete != null) {
      complete.finish();
    }
  }

  /** Frees native memory; needed if the file was not finished. */
  @Override
  public void close() {
    PngStream open = stream;
    if (open != null) {
      open.close();
    }
  }
}

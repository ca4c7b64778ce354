package dev.hfsm.imaging.png;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one PNG row by row, holding two rows of it; of an interlaced picture all of it. Every kind
 * of PNG becomes straight grey or RGB samples, with alpha if the file has any. Of an animation the
 * still picture is read.
 *
 * <p>Checksums of the chunks that make the picture have to be right, up to the chunk in which the
 * last pixel lies; what comes after is not looked at. Metadata with a wrong checksum are left out.
 * Chunks nobody asked for are passed over without being expanded.
 *
 * <p>Of the bytes' faults only {@link PngException} is thrown. For use by one thread. Closing frees
 * the rows that are held and does not close the stream.
 */
public final class PngReader implements AutoCloseable {

  private final Runnable check;
  private final PngHeader header;
  private final Palette palette;
  private final PngInfo info;
  private final ImageData data;
  private byte[] row = {};
  private byte[] above = {};
  private byte[] unpacked = {};
  private byte @Nullable [] canvas;
  private int next;

  private PngReader(
      Runnable check, PngHeader header, Palette palette, PngInfo info, ImageData data) {
    this.check = check;
    this.header = header;
    this.palette = palette;
    this.info = info;
    this.data = data;
  }

  /**
   * Reads up to the first pixel.
   *
   * @param check called at least once for every few thousand bytes and rows; throws to stop
   * @throws PngException if this is no PNG, or larger than the limits
   * @throws IOException what the stream throws
   */
  public static PngReader open(InputStream in, PngLimits limits, Runnable check)
      throws IOException {
    Chunks chunks = new Chunks(in, check);
    HeaderReader reader = new HeaderReader(chunks, limits);
    Palette palette = reader.read();
    PngHeader header = reader.header();
    PngInfo info = new PngInfo(header, palette.channels(), reader.metadata());
    return new PngReader(check, header, palette, info, new ImageData(chunks));
  }

  /** What the file says of itself. */
  public PngInfo info() {
    return info;
  }

  /** Bytes that reading rows will take; they are not taken before the first row is read. */
  public long bytes() {
    long rows = 3L * header.rowBytes(header.width()) + header.width() + Inflate.BYTES;
    return rows + (header.interlaced() ? canvasBytes() : 0);
  }

  private long canvasBytes() {
    return (long) header.width() * header.height() * unitBytes();
  }

  /** Bytes of a pixel once its samples are unpacked. */
  private int unitBytes() {
    return header.stored() * (header.depth() == 16 ? 2 : 1);
  }

  /**
   * Reads the next row as samples of 0 to 255; 16-bit samples are rounded.
   *
   * @param into receives {@code width * channels} samples from {@code offset} on
   * @return false after the last row
   */
  public boolean row(byte[] into, int offset) throws IOException {
    if (next == header.height()) {
      return false;
    }
    byte[] samples = advance();
    palette.expand(samples, position(), into, offset, header.width());
    finishRow();
    return true;
  }

  /** The same as samples of 0 to 65535, unsigned; those of 8 bits are times 257. */
  public boolean row(short[] into, int offset) throws IOException {
    if (next == header.height()) {
      return false;
    }
    byte[] samples = advance();
    palette.expand(samples, position(), into, offset, header.width());
    finishRow();
    return true;
  }

  /** The array in which the samples of the next row lie from {@link #position} on. */
  private byte[] advance() throws IOException {
    check.run();
    if (next == 0) {
      begin();
    }
    byte[] whole = canvas;
    if (whole != null) {
      return whole;
    }
    raw(header.rowBytes(header.width()));
    if (header.depth() >= 8) {
      return row;
    }
    unpack(header.width());
    return unpacked;
  }

  private int position() {
    return canvas != null ? next * header.width() * unitBytes() : header.depth() < 8 ? 0 : 1;
  }

  private void finishRow() throws IOException {
    next++;
    byte[] latest = row;
    row = above;
    above = latest;
    if (next == header.height() && canvas == null) {
      data.end();
    }
  }

  private void begin() throws IOException {
    if (header.interlaced() && canvasBytes() > Integer.MAX_VALUE - 8) {
      throw new PngException(
          PngException.Reason.TOO_LARGE,
          "it is %d × %d pixels, interlaced".formatted(header.width(), header.height()));
    }
    int length = 1 + header.rowBytes(header.width());
    row = new byte[length];
    above = new byte[length];
    unpacked = new byte[header.depth() < 8 ? header.width() : 0];
    if (header.interlaced()) {
      byte[] whole = new byte[(int) canvasBytes()];
      for (int pass = 0; pass < 7; pass++) {
        pass(whole, pass);
      }
      data.end();
      canvas = whole;
    }
  }

  /** A row with its filter type before it. */
  private void raw(int length) throws IOException {
    data.fully(row, 0, 1 + length);
    Unfilter.row(row[0], row, above, 1, length, header.filterBytes());
  }

  private void unpack(int pixels) {
    int depth = header.depth();
    int mask = (1 << depth) - 1;
    int perByte = 8 / depth;
    for (int x = 0; x < pixels; x++) {
      int shift = 8 - depth - x % perByte * depth;
      unpacked[x] = (byte) (row[1 + x / perByte] >> shift & mask);
    }
  }

  private static final int[] LEFT = {0, 4, 0, 2, 0, 1, 0};
  private static final int[] TOP = {0, 0, 4, 0, 2, 0, 1};
  private static final int[] ACROSS = {8, 8, 4, 4, 2, 2, 1};
  private static final int[] DOWN = {8, 8, 8, 4, 4, 2, 2};

  private void pass(byte[] whole, int pass) throws IOException {
    int pixels = (header.width() - LEFT[pass] + ACROSS[pass] - 1) / ACROSS[pass];
    if (pixels <= 0) {
      return;
    }
    int unit = unitBytes();
    java.util.Arrays.fill(above, (byte) 0);
    for (int y = TOP[pass]; y < header.height(); y += DOWN[pass]) {
      check.run();
      raw(header.rowBytes(pixels));
      byte[] from = row;
      int p = 1;
      if (header.depth() < 8) {
        unpack(pixels);
        from = unpacked;
        p = 0;
      }
      int q = (y * header.width() + LEFT[pass]) * unit;
      for (int x = 0; x < pixels; x++) {
        for (int i = 0; i < unit; i++) {
          whole[q + i] = from[p++];
        }
        q += ACROSS[pass] * unit;
      }
      byte[] latest = row;
      row = above;
      above = latest;
    }
  }

  @Override
  public void close() {
    row = new byte[0];
    above = row;
    unpacked = row;
    canvas = null;
  }
}

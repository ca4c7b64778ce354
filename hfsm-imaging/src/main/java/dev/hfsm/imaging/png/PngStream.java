package dev.hfsm.imaging.png;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes the chunks of a PNG whose layout is known; rows are filtered and deflated as they come.
 */
final class PngStream implements AutoCloseable {

  private static final int BLOCK = 1 << 14;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private final OutputStream out;
  private final PngLayout layout;
  private final int width;
  private final int length;
  private final boolean filtered;
  private final Deflater deflater;
  private final byte[] block = new byte[BLOCK];
  private final CRC32 crc = new CRC32();
  private int filled;
  private byte[] row;
  private byte[] above;
  private final byte[] result;

  /**
   * @param strategy of {@link Deflater}, for rows that are filtered
   */
  PngStream(PngSpec spec, PngLayout layout, int strategy, OutputStream out) throws IOException {
    this.out = out;
    this.layout = layout;
    this.width = spec.width();
    this.length = (int) (((long) width * layout.samples() * layout.depth() + 7) / 8);
    this.filtered = layout.filters();
    this.row = new byte[length];
    this.above = new byte[length];
    this.result = new byte[length];
    header(spec);
    this.deflater = new Deflater(spec.level());
    if (filtered) {
      deflater.setStrategy(strategy);
    }
  }

  private void header(PngSpec spec) throws IOException {
    out.write(SIGNATURE);
    ByteBuffer ihdr = ByteBuffer.allocate(13);
    ihdr.putInt(spec.width()).putInt(spec.height());
    ihdr.put((byte) layout.depth()).put((byte) layout.color());
    chunk("IHDR", ihdr.array(), 13);
    if (spec.profile().isPresent()) {
      byte[] icc = profile(spec.profile().get());
      chunk("iCCP", icc, icc.length);
    }
    if (spec.exif().isPresent()) {
      byte[] tiff = spec.exif().get();
      chunk("eXIf", tiff, tiff.length);
    }
    int[] palette = layout.palette();
    if (palette.length > 0) {
      byte[] colors = new byte[3 * palette.length];
      byte[] alphas = new byte[palette.length];
      int transparent = 0;
      for (int i = 0; i < palette.length; i++) {
        colors[3 * i] = (byte) (palette[i] >> 16);
        colors[3 * i + 1] = (byte) (palette[i] >> 8);
        colors[3 * i + 2] = (byte) palette[i];
        alphas[i] = (byte) (palette[i] >>> 24);
        transparent = alphas[i] == -1 ? transparent : i + 1;
      }
      chunk("PLTE", colors, colors.length);
      if (transparent > 0) {
        chunk("tRNS", alphas, transparent);
      }
    }
  }

  private static byte[] profile(byte[] icc) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("ICC\0\0".getBytes(StandardCharsets.US_ASCII));
    try (DeflaterOutputStream deflating = new DeflaterOutputStream(body)) {
      deflating.write(icc);
    }
    return body.toByteArray();
  }

  /** A row of one byte for each sample, whatever its depth. */
  void row(byte[] samples, int offset) throws IOException {
    pack(samples, offset);
    if (filtered) {
      int type = Filters.best(row, above, result, layout.samples());
      deflate(new byte[] {(byte) type}, 1);
      deflate(type == 0 ? row : result, length);
    } else {
      deflate(new byte[1], 1);
      deflate(row, length);
    }
    byte[] latest = row;
    row = above;
    above = latest;
  }

  private void pack(byte[] samples, int offset) {
    int depth = layout.depth();
    if (depth == 8) {
      System.arraycopy(samples, offset, row, 0, length);
      return;
    }
    java.util.Arrays.fill(row, (byte) 0);
    int perByte = 8 / depth;
    for (int x = 0; x < width; x++) {
      row[x / perByte] |= (byte) (samples[offset + x] << 8 - depth - x % perByte * depth);
    }
  }

  private void deflate(byte[] bytes, int n) throws IOException {
    deflater.setInput(bytes, 0, n);
    while (!deflater.needsInput()) {
      drain();
    }
  }

  private void drain() throws IOException {
    filled += deflater.deflate(block, filled, BLOCK - filled);
    if (filled == BLOCK) {
      chunk("IDAT", block, filled);
      filled = 0;
    }
  }

  void finish() throws IOException {
    deflater.finish();
    while (!deflater.finished()) {
      drain();
    }
    if (filled > 0) {
      chunk("IDAT", block, filled);
      filled = 0;
    }
    chunk("IEND", new byte[0], 0);
    close();
  }

  private void chunk(String name, byte[] body, int n) throws IOException {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    crc.reset();
    crc.update(type);
    crc.update(body, 0, n);
    out.write(ByteBuffer.allocate(8).putInt(n).put(type).array());
    out.write(body, 0, n);
    out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  @Override
  public void close() {
    deflater.end();
  }
}

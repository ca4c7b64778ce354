package dev.hfsm.imaging.jpegenc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts together the segments of a JPEG that stand before and between entropy-coded data. */
final class Markers {

  static final int PROFILE_PART = 65_535 - 2 - 14;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

  byte[] take() {
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }

  /** Everything up to and with the frame header. */
  void head(JpegSpec spec, int[][] tables) {
    marker(0xD8);
    segment(0xE0, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);
    spec.exif().ifPresent(this::exif);
    spec.profile().ifPresent(this::profile);
    for (int t = 0; t < tables.length; t++) {
      int[] body = new int[65];
      body[0] = t;
      for (int k = 0; k < 64; k++) {
        body[1 + k] = tables[t][Quantization.ZIGZAG[k]];
      }
      segment(0xDB, body);
    }
    frame(spec);
  }

  private void frame(JpegSpec spec) {
    int planes = spec.sampling().planes();
    marker(spec.scans() == JpegSpec.Scans.PROGRESSIVE ? 0xC2 : 0xC0);
    u16(8 + 3 * planes);
    out.write(8);
    u16(spec.height());
    u16(spec.width());
    out.write(planes);
    for (int p = 0; p < planes; p++) {
      out.write(p + 1);
      out.write(spec.sampling().blocksAcross(p) << 4 | spec.sampling().blocksDown(p));
      out.write(p == 0 ? 0 : 1);
    }
  }

  /** A Huffman table. */
  void table(int type, int id, Huffman table) {
    marker(0xC4);
    u16(2 + 17 + table.symbols.length);
    out.write(type << 4 | id);
    out.writeBytes(table.counts);
    out.writeBytes(table.symbols);
  }

  /** The header of a scan; tables for colour are those with id 1. */
  void scan(int[] planes, int from, int to, int high, int low) {
    marker(0xDA);
    u16(6 + 2 * planes.length);
    out.write(planes.length);
    for (int plane : planes) {
      int id = plane == 0 ? 0 : 1;
      out.write(plane + 1);
      out.write(id << 4 | id);
    }
    out.write(from);
    out.write(to);
    out.write(high << 4 | low);
  }

  void end() {
    marker(0xD9);
  }

  /** ICC.1 annex B.4. */
  private void profile(byte[] icc) {
    int parts = (icc.length + PROFILE_PART - 1) / PROFILE_PART;
    for (int part = 0; part < parts; part++) {
      int at = part * PROFILE_PART;
      int length = Math.min(PROFILE_PART, icc.length - at);
      marker(0xE2);
      u16(2 + 14 + length);
      out.writeBytes("ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII));
      out.write(part + 1);
      out.write(parts);
      out.write(icc, at, length);
    }
  }

  private void exif(byte[] tiff) {
    marker(0xE1);
    u16(2 + 6 + tiff.length);
    out.writeBytes("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(tiff);
  }

  private void segment(int marker, int... body) {
    marker(marker);
    u16(2 + body.length);
    for (int b : body) {
      out.write(b);
    }
  }

  private void marker(int marker) {
    out.write(0xFF);
    out.write(marker);
  }

  private void u16(int value) {
    out.write(value >> 8);
    out.write(value);
  }
}

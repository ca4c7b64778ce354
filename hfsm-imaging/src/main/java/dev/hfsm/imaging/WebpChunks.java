package dev.hfsm.imaging;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The chunks of a WebP that the encoder wrote, and of one that is put together from such. */
final class WebpChunks {

  private static final int ANIMATION = 0x02;
  private static final int EXIF = 0x08;
  private static final int ALPHA = 0x10;
  private static final int PROFILE = 0x20;

  /** Bit 28 of what follows the signature of a lossless bitmap. */
  private static final int LOSSLESS_ALPHA = 1 << 28;

  private final byte[] file;
  private final ByteBuffer in;

  WebpChunks(byte[] file) {
    this.file = file;
    this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  private interface Visitor {
    void chunk(String name, int at, int length);
  }

  private void each(Visitor visitor) {
    for (int at = 12; at + 8 <= file.length; ) {
      int length = in.getInt(at + 4);
      visitor.chunk(new String(file, at, 4, StandardCharsets.ISO_8859_1), at + 8, length);
      at += 8 + length + (length & 1);
    }
  }

  /** Whether the picture has transparency. */
  boolean hasAlpha() {
    boolean[] found = new boolean[1];
    each(
        (name, at, length) ->
            found[0] |=
                name.equals("ALPH")
                    || name.equals("VP8L") && (in.getInt(at + 1) & LOSSLESS_ALPHA) != 0);
    return found[0];
  }

  /** The chunks that make the picture, and nothing else. */
  void copyPicture(Writer writer) {
    each(
        (name, at, length) -> {
          if (name.equals("ALPH") || name.equals("VP8 ") || name.equals("VP8L")) {
            chunk(writer.out, name, file, at, length);
          }
        });
  }

  /** A growing part of a file. */
  static final class Writer {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void u8(int value) {
      out.write(value);
    }

    void u24(int value) {
      out.write(value);
      out.write(value >> 8);
      out.write(value >> 16);
    }

    void u32(int value) {
      u24(value);
      out.write(value >> 24);
    }

    void chunk(String name, byte[] body) {
      WebpChunks.chunk(out, name, body, 0, body.length);
    }

    /** What stands at the beginning of a file that is more than one bitmap, with its profile. */
    void extended(int width, int height, boolean alpha, boolean animated, Tags tags) {
      byte[] icc = tags.icc();
      Writer body = new Writer();
      body.u32(
          (icc == null ? 0 : PROFILE)
              | (alpha ? ALPHA : 0)
              | (tags.exif() == null ? 0 : EXIF)
              | (animated ? ANIMATION : 0));
      body.u24(width - 1);
      body.u24(height - 1);
      chunk("VP8X", body.bytes());
      if (icc != null) {
        chunk("ICCP", icc);
      }
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }

  static void chunk(ByteArrayOutputStream out, String name, byte[] body, int at, int length) {
    ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    head.put(name.getBytes(StandardCharsets.ISO_8859_1)).putInt(length);
    out.write(head.array(), 0, 8);
    out.write(body, at, length);
    if (length % 2 == 1) {
      out.write(0);
    }
  }

  /** All of a file. */
  static byte[] file(Writer head, byte[] pictures, byte @Nullable [] exif) {
    Writer tail = new Writer();
    if (exif != null) {
      tail.chunk("EXIF", exif);
    }
    int length = 4 + head.out.size() + pictures.length + tail.out.size();
    ByteBuffer whole = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
    whole.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(length);
    whole.put("WEBP".getBytes(StandardCharsets.US_ASCII));
    return whole.put(head.bytes()).put(pictures).put(tail.bytes()).array();
  }
}

package dev.hfsm.imaging;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts a profile and EXIF around what the WebP encoder wrote (RFC 9649, extended file format). */
final class WebpFile {

  private static final int PROFILE = 0x20;
  private static final int ALPHA = 0x10;
  private static final int EXIF = 0x08;

  private WebpFile() {}

  static byte[] tagged(byte[] file, Canvas canvas, Tags tags) {
    byte[] icc = tags.icc();
    byte[] exif = tags.exif();
    if (tags.isEmpty()) {
      return file;
    }
    int flags =
        (icc == null ? 0 : PROFILE)
            | (canvas.channels == 4 ? ALPHA : 0)
            | (exif == null ? 0 : EXIF);
    ByteBuffer extended = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    extended.putInt(flags);
    u24(extended, canvas.width - 1);
    u24(extended, canvas.height - 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + 64);
    out.writeBytes(new byte[12]);
    chunk(out, "VP8X", extended.array(), 0, 10);
    if (icc != null) {
      chunk(out, "ICCP", icc, 0, icc.length);
    }
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 12; at + 8 <= file.length; ) {
      String name = new String(file, at, 4, StandardCharsets.ISO_8859_1);
      int length = in.getInt(at + 4);
      if (!name.equals("VP8X")) {
        chunk(out, name, file, at + 8, length);
      }
      at += 8 + length + (length & 1);
    }
    if (exif != null) {
      chunk(out, "EXIF", exif, 0, exif.length);
    }
    byte[] whole = out.toByteArray();
    ByteBuffer head = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    head.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(whole.length - 8);
    head.put("WEBP".getBytes(StandardCharsets.US_ASCII));
    return whole;
  }

  private static void u24(ByteBuffer out, int value) {
    out.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
  }

  private static void chunk(
      ByteArrayOutputStream out, String name, byte[] body, int at, int length) {
    ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    head.put(name.getBytes(StandardCharsets.ISO_8859_1)).putInt(length);
    out.writeBytes(head.array());
    out.write(body, at, length);
    if (length % 2 == 1) {
      out.write(0);
    }
  }
}

package dev.hfsm.imaging;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a JPEG (ITU-T T.81, annex B) that make the picture: tables, frame, scans, the
 * colour profile, and what JFIF and Adobe say about colours. The header has been read and found
 * sound.
 */
final class JpegCopy {

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int JFIF_BODY = 14;
  private static final int ADOBE_BODY = 12;

  private final Bytes in;
  private final byte @Nullable [] exif;
  private final Pieces pieces = new Pieces();
  private @Nullable Piece jfif;

  JpegCopy(Bytes in, byte @Nullable [] exif) {
    this.in = in;
    this.exif = exif;
  }

  /** All of a file, without what follows the picture. */
  Pieces pieces() throws Malformed {
    long at = 2;
    while (at >= 0 && at + 1 < in.size()) {
      at = next(at);
    }
    Pieces all = new Pieces();
    all.add(Piece.literal(0xFF, SOI));
    if (jfif != null) {
      all.add(jfif);
    }
    if (exif != null) {
      all.add(segment(APP1, concat("Exif\0\0", exif)));
    }
    all.addAll(pieces);
    all.add(Piece.literal(0xFF, EOI));
    return all;
  }

  /** Where the segment after the one at or behind {@code at} may begin; -1 after the last. */
  private long next(long at) throws Malformed {
    if (in.u8(at) != 0xFF || in.u8(at + 1) == 0xFF || in.u8(at + 1) == 0) {
      return at + 1; // not a marker yet
    }
    int marker = in.u8(at + 1);
    if (marker == EOI) {
      return -1;
    }
    if (marker == 0x01 || marker >= 0xD0 && marker <= SOI) {
      return at + 2;
    }
    long end = at + 2 + in.u16(at + 2);
    if (end > in.size() || end < at + 4) {
      throw new Malformed("the file is truncated");
    }
    if (marker == SOS) {
      end = scanEnd(end);
    }
    keep(marker, at, end);
    return end;
  }

  /** Coded data goes on until a marker that is no restart. */
  private long scanEnd(long start) throws Malformed {
    long at = start;
    while (at + 1 < in.size()) {
      if (in.u8(at) == 0xFF) {
        int next = in.u8(at + 1);
        if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
          return at;
        }
      }
      at++;
    }
    return in.size();
  }

  private void keep(int marker, long at, long end) throws Malformed {
    long body = at + 4;
    long size = end - body;
    boolean table = marker >= 0xC0 && marker <= 0xDF;
    if (table || marker == APP2 && in.has(body, "ICC_PROFILE\0")) {
      pieces.range(at, end - at);
    } else if (marker == APP0 && jfif == null && size >= JFIF_BODY && in.has(body, "JFIF\0")) {
      byte[] copy = in.copy(body, JFIF_BODY);
      copy[JFIF_BODY - 2] = 0; // no thumbnail
      copy[JFIF_BODY - 1] = 0;
      jfif = segment(APP0, copy);
    } else if (marker == APP14 && size >= ADOBE_BODY && in.has(body, "Adobe")) {
      pieces.add(segment(APP14, in.copy(body, ADOBE_BODY)));
    }
  }

  private static Piece segment(int marker, byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(4 + body.length);
    out.put((byte) 0xFF).put((byte) marker).putShort((short) (2 + body.length)).put(body);
    return new Piece.Literal(out.array());
  }

  private static byte[] concat(String name, byte[] body) {
    byte[] start = name.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(start.length + body.length).put(start).put(body).array();
  }
}

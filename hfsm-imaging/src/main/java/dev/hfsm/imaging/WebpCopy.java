package dev.hfsm.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a WebP (RFC 9649) that make the picture: bitmaps, transparency, frames and the
 * colour profile. The header has been read and found sound.
 */
final class WebpCopy {

  private static final int HEAD = 12;
  private static final int AROUND = 8;
  private static final int FRAME_HEAD = 16;
  private static final int XMP = 0x04;
  private static final int EXIF = 0x08;
  private static final Set<String> IN_FRAME = Set.of("ALPH", "VP8 ", "VP8L");
  private static final Set<String> KEPT = Set.of("ICCP", "ANIM", "ALPH", "VP8 ", "VP8L");

  private final Bytes in;
  private final byte @Nullable [] exif;
  private boolean extended;

  private WebpCopy(Bytes in, byte @Nullable [] exif) {
    this.in = in;
    this.exif = exif;
  }

  /** All of a file; empty if one of the simple form would have to say more than it can. */
  static Optional<Pieces> pieces(Bytes in, byte @Nullable [] exif) throws Malformed {
    WebpCopy copy = new WebpCopy(in, exif);
    Pieces chunks = new Pieces();
    copy.chunks(HEAD, Math.min(in.size(), AROUND + in.u32le(4)), chunks);
    if (exif != null) {
      if (!copy.extended) {
        return Optional.empty();
      }
      chunks.add(chunk("EXIF", exif.length));
      chunks.add(new Piece.Literal(exif));
      if (exif.length % 2 == 1) {
        chunks.add(Piece.literal(0));
      }
    }
    Pieces whole = new Pieces();
    whole.add(chunk("RIFF", 4 + chunks.length()));
    whole.add(new Piece.Literal("WEBP".getBytes(StandardCharsets.US_ASCII)));
    whole.addAll(chunks);
    return Optional.of(whole);
  }

  private void chunks(long from, long to, Pieces pieces) throws Malformed {
    for (long at = from; at + AROUND <= to; ) {
      long length = lengthAt(at);
      if (in.has(at, "VP8X") && length >= 10) {
        extended = true;
        byte[] copy = in.copy(at, AROUND + 10);
        copy[4] = 10;
        copy[AROUND] = (byte) (copy[AROUND] & ~(XMP | EXIF) | (exif == null ? 0 : EXIF));
        pieces.add(new Piece.Literal(copy));
      } else if (in.has(at, "ANMF") && length >= FRAME_HEAD) {
        frame(at, length, pieces);
      } else if (isOneOf(KEPT, at)) {
        keep(at, length, pieces);
      }
      at += AROUND + length + (length & 1);
    }
  }

  /** A frame with its bitmap and transparency, told its new length; no frame lies in a frame. */
  private void frame(long at, long length, Pieces pieces) throws Malformed {
    long to = at + AROUND + length;
    Pieces inner = new Pieces();
    for (long part = at + AROUND + FRAME_HEAD; part + AROUND <= to; ) {
      long size = lengthAt(part);
      if (isOneOf(IN_FRAME, part)) {
        keep(part, size, inner);
      }
      part += AROUND + size + (size & 1);
    }
    long kept = FRAME_HEAD + inner.length();
    if (kept == length) {
      pieces.range(at, AROUND + FRAME_HEAD);
    } else {
      pieces.add(chunk("ANMF", kept));
      pieces.range(at + AROUND, FRAME_HEAD);
    }
    pieces.addAll(inner);
  }

  private long lengthAt(long chunk) throws Malformed {
    long length = in.u32le(chunk + 4);
    if (chunk + AROUND + length > in.size()) {
      throw new Malformed("a chunk is longer than the file");
    }
    return length;
  }

  private boolean isOneOf(Set<String> names, long chunk) throws Malformed {
    for (String name : names) {
      if (in.has(chunk, name)) {
        return true;
      }
    }
    return false;
  }

  /** All of a chunk; one of an odd length is followed by a zero, whatever the file has there. */
  private void keep(long at, long length, Pieces pieces) throws Malformed {
    long end = at + AROUND + length;
    boolean odd = (length & 1) == 1;
    boolean padded = odd && end < in.size() && in.u8(end) == 0;
    pieces.range(at, AROUND + length + (padded ? 1 : 0));
    if (odd && !padded) {
      pieces.add(Piece.literal(0));
    }
  }

  private static Piece chunk(String name, long length) {
    ByteBuffer head = ByteBuffer.allocate(AROUND).order(ByteOrder.LITTLE_ENDIAN);
    head.put(name.getBytes(StandardCharsets.ISO_8859_1)).putInt((int) length);
    return new Piece.Literal(head.array());
  }
}

package dev.hfsm.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
  private static final Set<String> KEPT = Set.of("ICCP", "ANIM", "ALPH", "VP8 ", "VP8L");

  private final Bytes in;
  private final byte @Nullable [] exif;
  private boolean extended;

  private WebpCopy(Bytes in, byte @Nullable [] exif) {
    this.in = in;
    this.exif = exif;
  }

  /** All of a file; empty if one of the simple form would have to say more than it can. */
  static Optional<List<Piece>> pieces(Bytes in, byte @Nullable [] exif) throws Malformed {
    WebpCopy copy = new WebpCopy(in, exif);
    List<Piece> chunks = copy.chunks(HEAD, Math.min(in.size(), AROUND + in.u32le(4)));
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
    List<Piece> whole = new ArrayList<>();
    whole.add(chunk("RIFF", 4 + length(chunks)));
    whole.add(new Piece.Literal("WEBP".getBytes(StandardCharsets.US_ASCII)));
    whole.addAll(chunks);
    return Optional.of(whole);
  }

  private List<Piece> chunks(long from, long to) throws Malformed {
    List<Piece> pieces = new ArrayList<>();
    for (long at = from; at + AROUND <= to; ) {
      long length = in.u32le(at + 4);
      long end = at + AROUND + length;
      if (end > in.size()) {
        throw new Malformed("a chunk is longer than the file");
      }
      String name = new String(in.copy(at, 4), StandardCharsets.ISO_8859_1);
      if (name.equals("VP8X") && length >= 10) {
        extended = true;
        byte[] copy = in.copy(at, AROUND + 10);
        copy[4] = 10;
        copy[AROUND] = (byte) (copy[AROUND] & ~(XMP | EXIF) | (exif == null ? 0 : EXIF));
        pieces.add(new Piece.Literal(copy));
      } else if (name.equals("ANMF") && length >= FRAME_HEAD) {
        List<Piece> inner = chunks(at + AROUND + FRAME_HEAD, end);
        pieces.add(chunk(name, FRAME_HEAD + length(inner)));
        pieces.add(new Piece.Range(at + AROUND, FRAME_HEAD));
        pieces.addAll(inner);
      } else if (KEPT.contains(name)) {
        pieces.add(new Piece.Range(at, AROUND + length));
        if (length % 2 == 1) {
          pieces.add(Piece.literal(0));
        }
      }
      at = end + (length & 1);
    }
    return pieces;
  }

  private static long length(List<Piece> pieces) {
    return pieces.stream().mapToLong(Piece::length).sum();
  }

  private static Piece chunk(String name, long length) {
    ByteBuffer head = ByteBuffer.allocate(AROUND).order(ByteOrder.LITTLE_ENDIAN);
    head.put(name.getBytes(StandardCharsets.ISO_8859_1)).putInt((int) length);
    return new Piece.Literal(head.array());
  }
}

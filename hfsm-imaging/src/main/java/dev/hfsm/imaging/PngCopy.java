package dev.hfsm.imaging;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG (W3C PNG, third edition) that make the picture: pixels, palette,
 * transparency, frames, what colours mean and how large it is printed. The header has been read and
 * found sound.
 */
final class PngCopy {

  private static final int SIGNATURE = 8;
  private static final int AROUND = 12;
  private static final Set<String> KEPT =
      Set.of(
          "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "acTL", "fcTL", "fdAT", "gAMA", "cHRM", "sRGB",
          "iCCP", "cICP", "mDCV", "cLLI", "sBIT", "bKGD", "pHYs");

  private PngCopy() {}

  /** All of a file, without what follows the picture. */
  static Pieces pieces(Bytes in, byte @Nullable [] exif) throws Malformed {
    Pieces pieces = new Pieces();
    pieces.range(0, SIGNATURE);
    boolean ended = false;
    for (long at = SIGNATURE; !ended && at + AROUND <= in.size(); ) {
      long length = AROUND + in.u32(at);
      if (at + length > in.size()) {
        throw new Malformed("a chunk is longer than the file");
      }
      String name = new String(in.copy(at + 4, 4), StandardCharsets.ISO_8859_1);
      ended = name.equals("IEND");
      if (KEPT.contains(name)) {
        pieces.range(at, length);
      }
      if (name.equals("IHDR") && exif != null) {
        pieces.add(chunk("eXIf", exif));
      }
      at += length;
    }
    if (!ended) {
      pieces.add(chunk("IEND", new byte[0]));
    }
    return pieces;
  }

  private static Piece chunk(String name, byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(AROUND + body.length);
    out.putInt(body.length).put(name.getBytes(StandardCharsets.ISO_8859_1)).put(body);
    CRC32 crc = new CRC32();
    crc.update(out.array(), 4, 4 + body.length);
    return new Piece.Literal(out.putInt((int) crc.getValue()).array());
  }
}

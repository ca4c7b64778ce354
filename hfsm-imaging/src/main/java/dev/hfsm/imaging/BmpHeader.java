package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import java.util.List;

/** Reads the header of a Windows or OS/2 bitmap. */
final class BmpHeader {

  private BmpHeader() {}

  static Header read(Bytes in) throws Malformed {
    if (!in.has(0, "BM")) {
      throw new Malformed("it does not start as a BMP");
    }
    long headerSize = in.u32le(14);
    boolean old = headerSize == 12;
    if (!old && headerSize < 16 || headerSize > 124 + 1000 || in.size() < 14 + headerSize) {
      throw new Malformed("its header is invalid");
    }
    long w = old ? in.u16le(18) : (int) in.u32le(18);
    long h = old ? in.u16le(20) : Math.abs((long) (int) in.u32le(22));
    int bits = in.u16le(old ? 24 : 28);
    // Where the decoder looks for it, however short the header is: it may be a JPEG inside.
    long compression = old ? 0 : in.u32le(30);
    if (w <= 0 || h <= 0 || h > Integer.MAX_VALUE) {
      throw new Malformed("it is " + w + " × " + h + " pixels");
    }
    if (compression > 3 && compression != 6) {
      throw new Malformed("its kind of compression is not supported");
    }
    boolean runLength = compression == 1 || compression == 2;
    long rows = (w * bits + 31) / 32 * 4 * h;
    if (!runLength && in.u32le(10) + rows > in.size()) {
      throw new Malformed("the file is truncated");
    }
    int bytes = Math.max(1, bits / 8);
    Header.Encoded encoded =
        new Header.Encoded(
            Header.Codec.BMP,
            shown(in, headerSize),
            new Rectangle((int) w, (int) h),
            bytes,
            // The run-length decoder holds the compressed bytes and the whole picture.
            runLength ? in.size() + w * h : 0,
            !runLength);
    return new Header(MediaType.BMP, (int) w, (int) h, 1, 0, null, null, encoded);
  }

  /** Version 4 and 5 headers can bring a profile or the name of a file: sRGB instead. */
  private static List<Piece> shown(Bytes in, long headerSize) {
    if (headerSize < 108) {
      return List.of(new Piece.Range(0, in.size()));
    }
    int at = 14 + 56;
    return List.of(
        new Piece.Range(0, at),
        Piece.literal('B', 'G', 'R', 's'),
        new Piece.Range(at + 4, in.size() - at - 4));
  }
}

package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the chunks of a WebP (RFC 9649). The decoder gets a still picture made of the first frame's
 * chunks: no animation, no profile, no metadata.
 */
final class WebpHeader {

  private final Bytes in;
  private final Limits limits;
  private final long end;
  private int width;
  private int height;
  private int frames;
  private byte @Nullable [] exif;
  private byte @Nullable [] icc;
  private @Nullable Rectangle frame;
  private @Nullable Chunk alpha;
  private @Nullable Chunk bitmap;

  private record Chunk(long offset, long length, boolean lossless) {
    Piece.Range range() {
      return new Piece.Range(offset, 8 + length + (length & 1));
    }
  }

  private WebpHeader(Bytes in, Limits limits) throws Malformed {
    this.in = in;
    this.limits = limits;
    this.end = Math.min(in.size(), 8 + in.u32le(4));
  }

  static Header read(Bytes in, Limits limits) throws Malformed {
    if (!in.has(0, "RIFF") || !in.has(8, "WEBP")) {
      throw new Malformed("it does not start as a WebP");
    }
    return new WebpHeader(in, limits).walk();
  }

  /** A still picture of the chunks of one frame, which has to be of that size. */
  static List<Piece> still(Bytes in, Limits limits, long from, long to, Rectangle size)
      throws Malformed {
    WebpHeader frame = new WebpHeader(in, limits);
    frame.chunks(from, to);
    Chunk found = frame.bitmap;
    if (found == null) {
      throw new Malformed("a frame holds no picture");
    }
    int[] stored = frame.bitmapSize(found);
    if (stored[0] != size.width() || stored[1] != size.height()) {
      throw new Malformed("a frame's header and its pixels disagree about the size");
    }
    return frame.pieces(found, stored);
  }

  private Header walk() throws Malformed {
    chunks(12, end);
    Chunk found = bitmap;
    if (found == null) {
      throw new Malformed("it holds no picture");
    }
    int[] size = bitmapSize(found);
    Rectangle at = frame == null ? new Rectangle(0, 0, size[0], size[1]) : frame;
    if (at.width() != size[0] || at.height() != size[1]) {
      throw new Malformed("its frame header and its pixels disagree about the size");
    }
    int w = width == 0 ? size[0] : width;
    int h = height == 0 ? size[1] : height;
    Checks.pixels(size[0], size[1], limits);
    List<Piece> pieces = pieces(found, size);
    long pixels = (long) size[0] * size[1];
    // VP8L works on a raster of four bytes a pixel besides the result; VP8 on planes; alpha is
    // VP8L.
    Header.Encoded encoded =
        new Header.Encoded(Header.Codec.WEBP, pieces, at, 4, 8 * pixels, false);
    return new Header(MediaType.WEBP, w, h, Math.max(1, frames), 0, exif, icc, encoded);
  }

  private void chunks(long from, long to) throws Malformed {
    long at = from;
    while (at + 8 <= to) {
      long length = in.u32le(at + 4);
      long body = at + 8;
      if (body + length > in.size()) {
        throw new Malformed("a chunk is longer than the file");
      }
      chunk(at, body, length);
      at = body + length + (length & 1);
    }
  }

  private void chunk(long at, long body, long length) throws Malformed {
    boolean still = bitmap == null;
    if (in.has(at, "VP8X") && length >= 10) {
      width = in.u24le(body + 4) + 1;
      height = in.u24le(body + 7) + 1;
    } else if (in.has(at, "ANMF") && length >= 16) {
      frames++;
      if (frames == 1) {
        frame =
            new Rectangle(
                2 * in.u24le(body),
                2 * in.u24le(body + 3),
                in.u24le(body + 6) + 1,
                in.u24le(body + 9) + 1);
        chunks(body + 16, body + length);
      }
    } else if (in.has(at, "ALPH") && still) {
      alpha = new Chunk(at, length, false);
    } else if (in.has(at, "VP8 ") && still) {
      bitmap = new Chunk(at, length, false);
    } else if (in.has(at, "VP8L") && still) {
      bitmap = new Chunk(at, length, true);
      alpha = null;
    } else if (in.has(at, "ICCP") && length <= limits.maxMetadataBytes()) {
      icc = in.copy(body, (int) length);
    } else if (in.has(at, "EXIF") && length <= limits.maxMetadataBytes()) {
      exif = in.copy(body, (int) length);
    }
  }

  private int[] bitmapSize(Chunk chunk) throws Malformed {
    long body = chunk.offset() + 8;
    if (chunk.lossless()) {
      if (chunk.length() < 5 || in.u8(body) != 0x2F) {
        throw new Malformed("its lossless bitmap has no signature");
      }
      long bits = in.u32le(body + 1);
      return new int[] {(int) (bits & 0x3FFF) + 1, (int) (bits >> 14 & 0x3FFF) + 1};
    }
    if (chunk.length() < 10 || in.u8(body + 3) != 0x9D || in.u8(body + 4) != 0x01) {
      throw new Malformed("its lossy bitmap has no start code");
    }
    int w = in.u16le(body + 6) & 0x3FFF;
    int h = in.u16le(body + 8) & 0x3FFF;
    if (w == 0 || h == 0) {
      throw new Malformed("it is " + w + " × " + h + " pixels");
    }
    return new int[] {w, h};
  }

  private List<Piece> pieces(Chunk found, int[] size) {
    List<Piece> chunks = new ArrayList<>();
    Chunk transparency = alpha;
    if (transparency != null) {
      chunks.add(Piece.literal(extended(size[0] - 1, size[1] - 1)));
      chunks.add(transparency.range());
    }
    chunks.add(found.range());
    long length = 4;
    for (Piece chunk : chunks) {
      length += chunk.length();
    }
    int n = (int) Math.min(length, Integer.MAX_VALUE);
    List<Piece> pieces = new ArrayList<>();
    pieces.add(Piece.literal('R', 'I', 'F', 'F', n, n >> 8, n >> 16, n >> 24, 'W', 'E', 'B', 'P'));
    pieces.addAll(chunks);
    return List.copyOf(pieces);
  }

  /** A VP8X chunk that says: alpha, and nothing else. */
  private static int[] extended(int w, int h) {
    return new int[] {
      'V', 'P', '8', 'X', 10, 0, 0, 0, 0x10, 0, 0, 0, w, w >> 8, w >> 16, h, h >> 8, h >> 16
    };
  }
}

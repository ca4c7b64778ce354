package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;

/**
 * Reads no more than the size of pictures whose pixels this engine does not decode: AVIF and HEIC
 * (ISO/IEC 23008-12 image spatial extents), JPEG 2000.
 */
final class OpaqueHeader {

  private static final int MAX_BOXES = 10_000;

  private final Bytes in;
  private long width;
  private long height;
  private int turns;
  private int boxes;

  private OpaqueHeader(Bytes in) {
    this.in = in;
  }

  static Header read(Bytes in, MediaType type, Limits limits) throws Malformed {
    OpaqueHeader header = new OpaqueHeader(in);
    switch (type.text()) {
      case "image/jp2" -> header.boxes(0, in.size(), 0);
      default -> header.media();
    }
    if (header.width <= 0 || header.height <= 0) {
      throw new Malformed("its size is not to be found");
    }
    Checks.pixels(header.width, header.height, limits);
    int orientation = header.turns % 2 == 1 ? 6 : 1;
    return new Header(
        type, (int) header.width, (int) header.height, 1, orientation, null, null, null);
  }

  private void media() throws Malformed {
    if (!in.has(4, "ftyp")) {
      throw new Malformed("it does not start as AVIF or HEIC");
    }
    boxes(0, in.size(), 0);
  }

  /** Boxes of a file or of a container box; the largest picture counts. */
  private void boxes(long from, long to, int depth) throws Malformed {
    long at = from;
    while (at + 8 <= to && boxes++ < MAX_BOXES) {
      long length = in.u32(at);
      long body = at + 8;
      if (length == 1 && at + 16 <= to) {
        length = in.u32(at + 8) << 32 | in.u32(at + 12);
        body = at + 16;
      } else if (length == 0) {
        length = to - at;
      }
      if (length < body - at || length > to - at) {
        throw new Malformed("the file is truncated");
      }
      box(at, body, at + length, depth);
      at += length;
    }
  }

  private void box(long at, long body, long end, int depth) throws Malformed {
    if (depth < 4) {
      if (in.has(at + 4, "meta")) {
        boxes(body + 4, end, depth + 1);
      } else if (in.has(at + 4, "iprp") || in.has(at + 4, "ipco") || in.has(at + 4, "jp2h")) {
        boxes(body, end, depth + 1);
      }
    }
    if (in.has(at + 4, "ispe") && end - body >= 12) {
      larger(in.u32(body + 4), in.u32(body + 8));
    } else if (in.has(at + 4, "ihdr") && end - body >= 8) {
      larger(in.u32(body + 4), in.u32(body));
    } else if (in.has(at + 4, "irot") && end - body >= 1) {
      turns = in.u8(body) & 3;
    }
  }

  private void larger(long w, long h) {
    // Sides are 32-bit unsigned: compare without overflow.
    if ((double) w * h > (double) width * height) {
      width = w;
      height = h;
    }
  }
}

package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the blocks of a GIF (GIF89a), finds its first frame, and counts them all. */
final class GifHeader {

  private final Bytes in;
  private final Limits limits;
  private @Nullable Rectangle first;
  private byte @Nullable [] icc;
  private int frames;

  private GifHeader(Bytes in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  static Header read(Bytes in, Limits limits) throws Malformed {
    return new GifHeader(in, limits).walk();
  }

  private Header walk() throws Malformed {
    if (!in.has(0, "GIF87a") && !in.has(0, "GIF89a")) {
      throw new Malformed("it does not start as a GIF");
    }
    int width = in.u16le(6);
    int height = in.u16le(8);
    int flags = in.u8(10);
    long at = 13 + tableSize(flags);
    boolean ended = false;
    while (!ended && at < in.size()) {
      int kind = in.u8(at);
      if (kind == 0x2C) {
        at = image(at);
      } else if (kind == 0x21) {
        at = extension(at);
      } else {
        // A trailer, or garbage after the last frame, which every viewer takes for one.
        ended = true;
      }
    }
    Rectangle frame = first;
    if (frame == null) {
      throw new Malformed("it holds no picture");
    }
    int w = width == 0 ? frame.x() + frame.width() : width;
    int h = height == 0 ? frame.y() + frame.height() : height;
    Header.Encoded encoded = new Header.Encoded(Header.Codec.GIF, List.of(), frame, 1, 0, true);
    return new Header(MediaType.GIF, w, h, frames, 0, null, icc, encoded);
  }

  private static long tableSize(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3L << ((flags & 7) + 1);
  }

  private long image(long at) throws Malformed {
    Rectangle frame =
        new Rectangle(in.u16le(at + 1), in.u16le(at + 3), in.u16le(at + 5), in.u16le(at + 7));
    long data = at + 10 + tableSize(in.u8(at + 9)) + 1;
    long end;
    try {
      end = skipBlocks(data);
    } catch (Malformed e) {
      if (first == null) {
        throw e;
      }
      return in.size();
    }
    frames++;
    if (first == null) {
      if (frame.width() == 0 || frame.height() == 0) {
        throw new Malformed(
            "its first frame is " + frame.width() + " × " + frame.height() + " pixels");
      }
      checkFrame(frame);
      first = frame;
    }
    return end;
  }

  private void checkFrame(Rectangle frame) {
    Checks.pixels(frame.width(), frame.height(), limits);
  }

  private long extension(long at) throws Malformed {
    int label = in.u8(at + 1);
    long end;
    try {
      end = skipBlocks(at + 2);
    } catch (Malformed e) {
      if (first == null) {
        throw e;
      }
      return in.size();
    }
    if (label == 0xFF && in.has(at + 3, "ICCRGBG1012") && icc == null) {
      icc = blocks(at + 14, end);
    }
    return end;
  }

  private byte @Nullable [] blocks(long at, long end) throws Malformed {
    if (end - at > limits.maxMetadataBytes()) {
      return null;
    }
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    long p = at;
    for (int n = in.u8(p); n != 0; n = in.u8(p)) {
      out.writeBytes(in.copy(p + 1, n));
      p += n + 1L;
    }
    return out.toByteArray();
  }

  private long skipBlocks(long at) throws Malformed {
    long p = at;
    int n;
    while ((n = in.u8(p)) != 0) {
      p += n + 1L;
    }
    return p + 1;
  }
}

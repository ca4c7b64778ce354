package dev.hfsm.imaging;

import org.jspecify.annotations.Nullable;

/**
 * The blocks of a GIF (GIF89a) that make the picture: palettes, frames, their delays, how often
 * they are repeated and the colour profile. The header has been read and found sound.
 */
final class GifCopy {

  private static final int HEAD = 13;
  private static final int DESCRIPTOR = 10;
  private static final int PALETTE = 0x80;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int CONTROL = 0xF9;
  private static final int APPLICATION = 0xFF;
  private static final int PLAIN_TEXT = 0x01;
  private static final int TRAILER = 0x3B;

  private final Bytes in;
  private final Pieces pieces = new Pieces();

  /** What is said about the next frame, and goes if that is a text. */
  private Piece.@Nullable Range control;

  GifCopy(Bytes in) {
    this.in = in;
  }

  /** All of a file, without what follows the picture. */
  Pieces pieces() throws Malformed {
    long at = HEAD + palette(in.u8(10));
    pieces.range(0, at);
    while (at < in.size() && (in.u8(at) == EXTENSION || in.u8(at) == IMAGE)) {
      at = in.u8(at) == IMAGE ? image(at) : extension(at);
    }
    pieces.add(Piece.literal(TRAILER));
    return pieces;
  }

  private static int palette(int flags) {
    return (flags & PALETTE) == 0 ? 0 : 3 * (2 << (flags & 7));
  }

  private long image(long at) throws Malformed {
    long end = blocks(at + DESCRIPTOR + palette(in.u8(at + DESCRIPTOR - 1)) + 1);
    if (control != null) {
      pieces.add(control);
      control = null;
    }
    pieces.range(at, end - at);
    return end;
  }

  private long extension(long at) throws Malformed {
    int label = in.u8(at + 1);
    long end = blocks(at + 2);
    Piece.Range whole = new Piece.Range(at, end - at);
    if (label == CONTROL) {
      control = whole;
    } else if (label == PLAIN_TEXT) {
      control = null;
    } else if (label == APPLICATION && isNeeded(at + 3)) {
      pieces.add(whole);
    }
    return end;
  }

  /** How often the frames are repeated, in two spellings, and the colour profile. */
  private boolean isNeeded(long name) throws Malformed {
    return in.has(name, "NETSCAPE2.0")
        || in.has(name, "ANIMEXTS1.0")
        || in.has(name, "ICCRGBG1012");
  }

  /** Where the blocks that begin here end; a file may not break off in between. */
  private long blocks(long start) throws Malformed {
    long at = start;
    while (at < in.size()) {
      int length = in.u8(at);
      at += 1 + length;
      if (length == 0) {
        return at;
      }
    }
    throw new Malformed("the file is truncated");
  }
}

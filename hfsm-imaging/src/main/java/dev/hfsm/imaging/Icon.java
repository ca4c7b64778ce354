package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * The largest picture of a Windows icon, the one with most bits if there are several: a PNG, or
 * rows of a bitmap from the bottom up, followed by a mask of one bit that says what is transparent.
 */
final class Icon {

  private static final int MAX_SIDE = 1024;

  private final Bytes in;
  private final long at;
  private final long length;

  private Icon(Bytes in, long at, long length) {
    this.in = in;
    this.at = at;
    this.length = length;
  }

  static Header read(Bytes in, MediaType type, Limits limits) throws Malformed {
    return largest(in).header(type, limits);
  }

  private static Icon largest(Bytes in) throws Malformed {
    int count = in.size() < 6 ? 0 : in.u16le(4);
    if (count == 0 || in.u16le(0) != 0 || in.u16le(2) != 1 || 6 + 16L * count > in.size()) {
      throw new Malformed("its directory is invalid");
    }
    long best = -1;
    long bestAt = 0;
    for (int i = 0; i < count; i++) {
      long entry = 6 + 16L * i;
      long w = in.u8(entry) == 0 ? 256 : in.u8(entry);
      long h = in.u8(entry + 1) == 0 ? 256 : in.u8(entry + 1);
      long rank = w * h << 16 | in.u16le(entry + 6);
      if (rank > best) {
        best = rank;
        bestAt = entry;
      }
    }
    long offset = in.u32le(bestAt + 12);
    long length = Math.min(in.u32le(bestAt + 8), in.size() - offset);
    if (length < 40) {
      throw new Malformed("the file is truncated");
    }
    return new Icon(in, offset, length);
  }

  private Header header(MediaType type, Limits limits) throws Malformed {
    if (in.has(at + 1, "PNG")) {
      Header png = PngHeader.read(in.part(at, length), limits);
      Header.Encoded encoded = png.encoded();
      if (encoded == null) {
        throw new Malformed("it holds a PNG that cannot be read");
      }
      Header.Encoded moved =
          new Header.Encoded(
              encoded.codec(),
              List.of(new Piece.Range(at, length)),
              encoded.frame(),
              encoded.bytesPerPixel(),
              encoded.overhead(),
              encoded.banded());
      return new Header(type, png.width(), png.height(), 1, 0, null, png.icc(), moved);
    }
    int w = width();
    int h = height();
    if (w < 1 || h < 1 || w > MAX_SIDE || h > MAX_SIDE) {
      throw new Malformed("it is " + w + " × " + h + " pixels");
    }
    Checks.pixels(w, h, limits);
    Header.Encoded encoded =
        new Header.Encoded(Header.Codec.ICON, List.of(), new Rectangle(w, h), 4, 1 << 12, false);
    return new Header(type, w, h, 1, 0, null, null, encoded);
  }

  private int width() throws Malformed {
    return (int) in.u32le(at + 4);
  }

  /** Of the picture; the header counts the mask too. */
  private int height() throws Malformed {
    return (int) in.u32le(at + 8) / 2;
  }

  /** The picture of a header whose codec is {@link Header.Codec#ICON}. */
  static Strip decode(Bytes in) throws Malformed {
    return largest(in).bitmap();
  }

  private Strip bitmap() throws Malformed {
    int bits = in.u16le(at + 14);
    if (in.u32le(at + 16) != 0 || bits != 1 && bits != 4 && bits != 8 && bits != 24 && bits != 32) {
      throw new Malformed("its kind of bitmap is not supported");
    }
    int w = width();
    int h = height();
    long palette = at + in.u32le(at);
    long said = in.u32le(at + 32);
    int colors = bits > 8 ? 0 : said == 0 || said > 1L << bits ? 1 << bits : (int) said;
    long rows = palette + 4L * colors;
    long stride = ((long) w * bits + 31) / 32 * 4;
    long mask = rows + stride * h;
    long maskStride = (w + 31L) / 32 * 4;
    if (mask > at + length) {
      throw new Malformed("the file is truncated");
    }
    boolean masked = mask + maskStride * h <= at + length;
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_ARGB);
    boolean alpha = false;
    for (int y = 0; y < h; y++) {
      long row = rows + stride * (h - 1 - y);
      for (int x = 0; x < w; x++) {
        int color = color(row, x, bits, palette, colors);
        alpha |= bits == 32 && color >>> 24 != 0;
        image.setRGB(x, y, color);
      }
    }
    if (!alpha) {
      cut(image, masked ? mask : -1, maskStride);
    }
    return Strip.of(image);
  }

  /** The mask counts where no pixel says how opaque it is. */
  private void cut(BufferedImage image, long mask, long stride) throws Malformed {
    int h = image.getHeight();
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        boolean out =
            mask >= 0 && (in.u8(mask + stride * (h - 1 - y) + (x >> 3)) >> (7 - (x & 7)) & 1) != 0;
        image.setRGB(x, y, out ? 0 : image.getRGB(x, y) | 0xFF000000);
      }
    }
  }

  private int color(long row, int x, int bits, long palette, int colors) throws Malformed {
    if (bits == 32) {
      return (int) in.u32le(row + 4L * x);
    }
    if (bits == 24) {
      return in.u24le(row + 3L * x);
    }
    int perByte = 8 / bits;
    int shift = 8 - bits * (x % perByte + 1);
    int index = in.u8(row + x / perByte) >> shift & (1 << bits) - 1;
    return index < colors ? in.u24le(palette + 4L * index) : 0;
  }
}

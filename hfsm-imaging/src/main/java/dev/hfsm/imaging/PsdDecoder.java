package dev.hfsm.imaging;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * Decodes the merged picture of a Photoshop file: plain or run-length coded (PackBits), planar. Of
 * 16 bits the upper 8 are used.
 */
final class PsdDecoder {

  private final Bytes in;
  private final PsdHeader.Layout layout;
  private final int width;
  private final int height;
  private final int stride;
  private final byte[] packed = new byte[1 << 14];
  private long at;
  private int filled;
  private int next;

  private PsdDecoder(Bytes in, PsdHeader.Layout layout, Rectangle size) {
    this.in = in;
    this.layout = layout;
    this.width = size.width();
    this.height = size.height();
    this.stride = (int) ((long) width * layout.depth() + 7 >> 3);
  }

  /** The whole picture; memory has been granted. */
  static Strip decode(Bytes in, Rectangle size) throws Malformed {
    return new PsdDecoder(in, PsdHeader.layout(in), size).strip();
  }

  private Strip strip() throws Malformed {
    int bytes = layout.bytes();
    boolean inks = layout.mode() == 4;
    BufferedImage image =
        inks
            ? null
            : new BufferedImage(
                width,
                height,
                bytes == 4
                    ? BufferedImage.TYPE_4BYTE_ABGR
                    : bytes == 3 ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_BYTE_GRAY);
    WritableRaster raster =
        image == null
            ? Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null)
            : image.getRaster();
    byte[] data = ((DataBufferByte) raster.getDataBuffer()).getData();
    planes(data, bytes, inks);
    return image == null ? Strip.ofInks(raster) : Strip.of(image);
  }

  private void planes(byte[] data, int bytes, boolean inks) throws Malformed {
    int kind = in.u16(layout.dataAt());
    if (kind > 1) {
      throw new Malformed("its kind of compression is not supported");
    }
    long lengths = kind == 0 ? 0 : (long) layout.channels() * height * (layout.large() ? 4 : 2);
    at = layout.dataAt() + 2 + lengths;
    int planes = layout.colors() + (layout.alpha() ? 1 : 0);
    byte[] row = new byte[stride];
    for (int c = 0; c < planes; c++) {
      for (int y = 0; y < height; y++) {
        if ((y & 31) == 0) {
          in.budget().check();
        }
        if (kind == 0) {
          plain(row);
        } else {
          unpack(row);
        }
        place(row, c, data, y * width * bytes, bytes, inks);
      }
    }
  }

  /** Samples of one channel, in the order in which the picture's array has them. */
  private void place(byte[] row, int channel, byte[] data, int from, int bytes, boolean inks)
      throws Malformed {
    boolean alpha = channel >= layout.colors();
    int step = layout.depth() == 16 ? 2 : 1;
    for (int x = 0, p = from; x < width; x++, p += bytes) {
      if (layout.mode() == 0) {
        data[p] = (byte) ((row[x >> 3] >> (7 - (x & 7)) & 1) == 0 ? 255 : 0);
      } else if (layout.mode() == 2) {
        int index = row[x * step] & 0xFF;
        for (int c = 0; c < 3; c++) {
          data[p + 2 - c] = (byte) in.u8(layout.paletteAt() + 256L * c + index);
        }
      } else if (inks) {
        data[p + channel] = row[x * step];
      } else if (alpha) {
        data[p] = row[x * step];
      } else if (layout.mode() == 3) {
        data[p + bytes - 1 - channel] = row[x * step];
      } else {
        // Grey, and as colour where there is transparency.
        for (int c = bytes == 4 ? 1 : 0; c < bytes; c++) {
          data[p + c] = row[x * step];
        }
      }
    }
  }

  private void plain(byte[] row) throws Malformed {
    if (in.read(at, row, 0, row.length) < row.length) {
      throw new Malformed("the file is truncated");
    }
    at += row.length;
  }

  /** PackBits (Apple's, as in TIFF 6.0, section 9); a run that leaves its row is damage. */
  private void unpack(byte[] row) throws Malformed {
    int x = 0;
    while (x < row.length) {
      int n = (byte) u8();
      if (n == -128) {
        continue;
      }
      int count = n >= 0 ? n + 1 : 1 - n;
      if (count > row.length - x) {
        throw new Malformed("damaged: a row is longer than it may be");
      }
      int value = n < 0 ? u8() : 0;
      for (int end = x + count; x < end; x++) {
        row[x] = (byte) (n < 0 ? value : u8());
      }
    }
  }

  private int u8() throws Malformed {
    if (next == filled) {
      filled = Math.max(0, in.read(at, packed, 0, packed.length));
      next = 0;
      at += filled;
      if (filled == 0) {
        throw new Malformed("the file is truncated");
      }
    }
    return packed[next++] & 0xFF;
  }
}

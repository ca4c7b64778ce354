package dev.hfsm.imaging;

import dev.hfsm.imaging.jpeg.JpegDecoder;
import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegInput;
import dev.hfsm.imaging.jpeg.JpegOutput;
import dev.hfsm.imaging.jpeg.JpegPixels;
import dev.hfsm.imaging.jpeg.JpegPlanes;
import dev.hfsm.imaging.jpeg.JpegScale;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Collections;

/**
 * Decodes a TIFF whose strips or tiles are JPEGs with common tables (Adobe Photoshop TIFF Technical
 * Notes, "TTN2") by the JPEG decoder of our own: grey, RGB, YCbCr and CMYK.
 */
final class TiffJpeg {

  static final int TABLES = 347;

  private static final int MAX_TABLES = 1 << 16;
  private static final int GREY_FROM_WHITE = 0;
  private static final int YCBCR = 6;

  private final Bytes in;
  private final TiffDirectory fields;
  private final int width;
  private final int height;
  private final int unitWidth;
  private final int unitHeight;
  private final int channels;
  private final long photometric;
  private final byte[] tables;
  private final byte[] pixels;

  private TiffJpeg(Bytes in, TiffDirectory fields, Rectangle size, byte[] pixels) throws Malformed {
    this.in = in;
    this.fields = fields;
    this.pixels = pixels;
    this.width = size.width();
    this.height = size.height();
    this.channels = (int) fields.number(277, 0, 1);
    this.photometric = fields.number(262, 0, channels == 1 ? 1 : YCBCR);
    boolean tiled = fields.count(322) > 0;
    this.unitWidth = (int) Math.min(65_535, tiled ? fields.number(322, 0, width) : width);
    long rows = tiled ? fields.number(323, 0, height) : fields.number(278, 0, height);
    this.unitHeight = (int) Math.max(1, Math.min(rows, tiled ? 65_535 : height));
    byte[] found = fields.bytes(TABLES, MAX_TABLES);
    this.tables = found == null ? new byte[] {(byte) 0xFF, (byte) 0xD8} : withoutEnd(found);
  }

  /** Whether the samples are of a kind that is decoded here: bytes, pixel by pixel. */
  static boolean decodes(TiffDirectory fields) throws Malformed {
    long samples = fields.number(277, 0, 1);
    long photometric = fields.number(262, 0, 1);
    boolean kind =
        samples == 1
            ? photometric <= 1
            : samples == 3 ? photometric == 2 || photometric == YCBCR : photometric == 5;
    return kind
        && (samples == 1 || samples == 3 || samples == 4)
        && fields.number(258, 0, 8) == 8
        && fields.number(284, 0, 1) == 1;
  }

  /** Bytes that decoding takes besides the picture: planes and, for a progressive one, more. */
  static long bytes(long unitPixels, long samples) {
    return 12 * unitPixels * samples + (1 << 18);
  }

  private static byte[] withoutEnd(byte[] tables) {
    int n = tables.length;
    boolean ends = n >= 4 && (tables[n - 2] & 0xFF) == 0xFF && (tables[n - 1] & 0xFF) == 0xD9;
    return ends ? java.util.Arrays.copyOf(tables, n - 2) : tables;
  }

  /** The whole picture; memory has been granted. */
  static Strip decode(Bytes in, Rectangle size) throws IOException {
    TiffDirectory fields = new TiffDirectory(in);
    int channels = (int) fields.number(277, 0, 1);
    BufferedImage image =
        channels == 4
            ? null
            : new BufferedImage(
                size.width(),
                size.height(),
                channels == 3 ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_BYTE_GRAY);
    WritableRaster raster =
        image == null
            ? Raster.createInterleavedRaster(
                DataBuffer.TYPE_BYTE, size.width(), size.height(), 4, null)
            : image.getRaster();
    byte[] pixels = ((DataBufferByte) raster.getDataBuffer()).getData();
    new TiffJpeg(in, fields, size, pixels).units();
    return image == null ? Strip.ofInks(raster) : Strip.of(image);
  }

  private void units() throws IOException {
    boolean tiled = fields.count(322) > 0;
    int offsets = tiled ? 324 : 273;
    int lengths = tiled ? 325 : 279;
    int index = 0;
    for (int y = 0; y < height; y += unitHeight) {
      for (int x = 0; x < width; x += unitWidth, index++) {
        in.budget().check();
        long at = fields.number(offsets, index, 0);
        long length = fields.number(lengths, index, 0);
        if (length < 4 || in.u16(at) != 0xFFD8) {
          throw new Malformed("damaged: a part of it is no JPEG");
        }
        unit(new Unit(in.part(at, length), tables), x, y);
      }
    }
  }

  /** One strip or tile as a JPEG of its own: the tables, then what follows its start. */
  private record Unit(Bytes in, byte[] tables) implements JpegInput {
    @Override
    public long size() {
      return tables.length + in.size() - 2;
    }

    @Override
    public int read(long at, byte[] into, int offset, int length) {
      if (at >= tables.length) {
        return in.read(at - tables.length + 2, into, offset, length);
      }
      int n = (int) Math.min(length, tables.length - at);
      System.arraycopy(tables, (int) at, into, offset, n);
      return n;
    }
  }

  private void unit(Unit input, int left, int top) throws IOException {
    JpegDecoder decoder = JpegDecoder.open(input, in.budget().limits().maxScans());
    JpegFrame frame = decoder.frame();
    int w = Math.min(unitWidth, width - left);
    int h = Math.min(unitHeight, height - top);
    if (frame.components().size() != channels
        || frame.width() < w
        || frame.width() > unitWidth
        || frame.height() < h
        || frame.height() > unitHeight) {
      throw new Malformed("damaged: a part of it has other dimensions than its directory says");
    }
    JpegPlanes planes =
        new JpegPlanes(frame, frame.everything(), Collections.nCopies(channels, JpegScale.FULL));
    decoder.decode(
        java.util.List.of(JpegOutput.of(frame, JpegScale.FULL, planes)), in.budget()::check);
    byte[] samples = JpegPixels.interleaved(frame, planes);
    if (photometric == YCBCR) {
      JpegPixels.toRgb(samples);
    }
    for (int y = 0; y < h; y++) {
      place(samples, y * frame.width() * channels, ((top + y) * width + left) * channels, w);
    }
  }

  /** In the order in which the picture's array has them. */
  private void place(byte[] samples, int from, int to, int count) {
    for (int i = 0; i < count * channels; i += channels) {
      for (int c = 0; c < channels; c++) {
        byte sample = samples[from + i + c];
        boolean inverted = channels == 4 || channels == 1 && photometric == GREY_FROM_WHITE;
        int at = channels == 3 ? 2 - c : c;
        pixels[to + i + at] = inverted ? (byte) ~sample : sample;
      }
    }
  }
}

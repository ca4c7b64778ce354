package dev.hfsm.imaging;

import dev.hfsm.imaging.png.PngInfo;
import dev.hfsm.imaging.png.PngReader;
import dev.hfsm.transform.Budget;
import java.io.IOException;

/** The rows of a PNG, which may lie in another file. */
final class PngRows implements PixelRows {

  private final Bytes in;
  private final Header header;
  private final Budget budget;
  private final PngInfo info;
  private final long readerBytes;

  private PngRows(Bytes in, Header header, Budget budget, PngInfo info, long readerBytes) {
    this.in = in;
    this.header = header;
    this.budget = budget;
    this.info = info;
    this.readerBytes = readerBytes;
  }

  static PngRows open(Bytes file, Header header, Header.Encoded encoded, Budget budget)
      throws IOException {
    Bytes in = file;
    if (encoded.pieces().get(0) instanceof Piece.Range range) {
      in = file.part(range.offset(), range.length());
    }
    try (PngReader reader = PngBurst.open(in, budget)) {
      PngInfo info = reader.info();
      if (info.width() != header.width() || info.height() != header.height()) {
        throw new Malformed("it has more than one header");
      }
      return new PngRows(in, header, budget, info, reader.bytes());
    }
  }

  @Override
  public Header header() {
    return header;
  }

  @Override
  public boolean covers(Rectangle region) {
    return true;
  }

  @Override
  public long fixedBytes() {
    return readerBytes + 32L * header.width() + (1 << 16);
  }

  @Override
  public long rowBytes(int width) {
    return 0;
  }

  private boolean deep() {
    return info.bitDepth() == 16;
  }

  @Override
  public Format format(Rectangle region, int bandHeight) {
    Strip.Model model =
        info.alpha() ? Strip.Model.RGBA : info.channels() == 1 ? Strip.Model.GREY : Strip.Model.RGB;
    return new Format(model, deep() ? 65535 : 255, false);
  }

  @Override
  public void read(Rectangle region, int bandHeight, Format format, Sink sink) throws IOException {
    int channels = info.channels();
    byte[] bytes = new byte[deep() ? 0 : info.width() * channels];
    short[] shorts = new short[deep() ? info.width() * channels : 0];
    int[] row = new int[region.width() * format.channels()];
    int from = region.x() * channels;
    try (PngReader reader = PngBurst.open(in, budget)) {
      for (int y = 0; y < region.y() + region.height(); y++) {
        if (deep()) {
          reader.row(shorts, 0);
        } else {
          reader.row(bytes, 0);
        }
        if (y < region.y()) {
          continue;
        }
        for (int x = 0, p = from, q = 0; x < region.width(); x++) {
          for (int c = 0; c < channels; c++, p++) {
            int sample = deep() ? shorts[p] & 0xFFFF : bytes[p] & 0xFF;
            if (channels == 2) {
              q = greyAlpha(row, q, c, sample);
            } else {
              row[q++] = sample;
            }
          }
        }
        sink.row(y, row);
      }
    }
  }

  /** Grey is red, green and blue. */
  private static int greyAlpha(int[] row, int at, int channel, int sample) {
    int to = at;
    for (int i = channel == 0 ? 3 : 1; i > 0; i--) {
      row[to++] = sample;
    }
    return to;
  }
}

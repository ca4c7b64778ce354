package dev.hfsm.imaging;

import dev.hfsm.imaging.png.PngInfo;
import dev.hfsm.imaging.png.PngReader;
import dev.hfsm.imaging.resample.Samples;
import java.io.IOException;

/** The rows of a PNG as samples of 0 to 255 in full precision, premultiplied if it has alpha. */
final class PngFloats {

  private static final float DEEP = 255f / 65535;

  private final PngReader reader;
  private final int width;
  private final int channels;
  private final boolean alpha;
  private final byte[] bytes;
  private final short[] shorts;

  PngFloats(PngReader reader) {
    this.reader = reader;
    PngInfo info = reader.info();
    this.width = info.width();
    this.channels = info.channels();
    this.alpha = info.alpha();
    boolean deep = info.bitDepth() == 16;
    this.bytes = new byte[deep ? 0 : width * channels];
    this.shorts = new short[deep ? width * channels : 0];
  }

  /** Reads the next row; false after the last. */
  boolean next(float[] row) throws IOException {
    if (shorts.length > 0) {
      boolean more = reader.row(shorts, 0);
      deep(row);
      return more;
    }
    boolean more = reader.row(bytes, 0);
    if (alpha) {
      Samples.premultiply(bytes, 0, channels, row, width);
    } else {
      Samples.widen(bytes, 0, row, width * channels);
    }
    return more;
  }

  private void deep(float[] row) {
    for (int i = 0; i < row.length; i++) {
      row[i] = (shorts[i] & 0xFFFF) * DEEP;
    }
    for (int i = 0; alpha && i < row.length; i += channels) {
      float share = row[i + channels - 1] / 255;
      for (int c = 0; c < channels - 1; c++) {
        row[i + c] *= share;
      }
    }
  }
}

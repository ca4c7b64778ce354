package dev.hfsm.imaging;

import dev.hfsm.imaging.jpegenc.JpegEncoder;
import dev.hfsm.imaging.jpegenc.JpegSpec;
import dev.hfsm.imaging.jpegenc.RgbRows;
import dev.hfsm.imaging.jpegenc.Sampling;
import dev.hfsm.imaging.png.PngSpec;
import dev.hfsm.imaging.png.PngWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Files made by the encoders of this project, so of any size and without java.desktop. */
final class Samples {

  private static final double[][] P3 = {
    {0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}
  };

  private Samples() {}

  /** A camera-like picture: soft shapes and some noise, the same each time. */
  private static void fill(byte[] row, int y, int channels) {
    int noise = y * 31 + 7;
    for (int x = 0, p = 0; p < row.length; x++, p += channels) {
      noise = noise * 1103515245 + 12345;
      int grain = noise >>> 28;
      row[p] = (byte) ((x * 3 + y >> 3) + grain);
      row[p + 1] = (byte) ((x * y >> 9) + grain);
      row[p + 2] = (byte) ((x + y * 5 >> 4) + grain);
      if (channels == 4) {
        row[p + 3] = (byte) (x + y);
      }
    }
  }

  static JpegSpec spec(int width, int height) {
    return JpegSpec.of(width, height, Sampling.YCC_420, 85);
  }

  static byte[] jpeg(JpegSpec spec) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      JpegEncoder encoder = new JpegEncoder(spec, out, () -> {});
      RgbRows rows = new RgbRows(encoder, spec);
      byte[] row = new byte[3 * spec.width()];
      for (int y = 0; y < spec.height(); y++) {
        fill(row, y, 3);
        rows.row(row, 0);
      }
      encoder.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] png(int width, int height, int channels) {
    PngSpec spec = PngSpec.of(width, height, channels, 3);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PngWriter writer = new PngWriter(spec, out, () -> {})) {
      byte[] row = new byte[channels * width];
      for (int y = 0; y < height; y++) {
        fill(row, y, channels);
        writer.row(row, 0);
      }
      writer.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A profile like Display P3, with a plain gamma. */
  static byte[] displayP3() {
    int table = 128 + 4 + 6 * 12;
    ByteBuffer icc = ByteBuffer.allocate(table + 3 * 20 + 16);
    icc.putInt(icc.capacity()).putInt(0).putInt(0x02100000);
    icc.put("mntrRGB XYZ ".getBytes(StandardCharsets.US_ASCII));
    icc.put(36, "acsp".getBytes(StandardCharsets.US_ASCII));
    icc.position(128).putInt(6);
    for (int c = 0; c < 3; c++) {
      String name = "rgb".substring(c, c + 1);
      icc.put((name + "XYZ").getBytes(StandardCharsets.US_ASCII)).putInt(table + 20 * c).putInt(20);
      icc.put((name + "TRC").getBytes(StandardCharsets.US_ASCII)).putInt(table + 60).putInt(14);
    }
    for (int c = 0; c < 3; c++) {
      icc.put("XYZ ".getBytes(StandardCharsets.US_ASCII)).putInt(0);
      for (double value : P3[c]) {
        icc.putInt((int) Math.round(value * 65536));
      }
    }
    icc.put("curv".getBytes(StandardCharsets.US_ASCII)).putInt(0).putInt(1).putShort((short) 563);
    return icc.array();
  }
}

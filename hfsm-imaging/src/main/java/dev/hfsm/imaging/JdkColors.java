package dev.hfsm.imaging;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Optional;

/** The colour engine of the JDK, for profiles that are converted by nothing of ours. */
final class JdkColors {

  private static final int ROWS = 64;

  private JdkColors() {}

  /** The picture in sRGB; empty if the profile is sRGB, or cannot be used. */
  static Optional<Canvas> toSrgb(byte[] profile, Canvas canvas, Strip.Model model) {
    try {
      ICC_Profile from = ICC_Profile.getInstance(profile);
      if (new ICC_ColorSpace(from).isCS_sRGB()) {
        return Optional.empty();
      }
      ICC_Profile to = ICC_Profile.getInstance(ColorSpace.CS_sRGB);
      ColorConvertOp op = new ColorConvertOp(new ICC_Profile[] {from, to}, null);
      return Optional.of(convert(canvas, model, op));
    } catch (CMMException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static Canvas convert(Canvas canvas, Strip.Model model, ColorConvertOp op) {
    boolean alpha = model == Strip.Model.RGBA;
    int colors = alpha ? 3 : canvas.channels;
    Canvas result = new Canvas(canvas.width, canvas.height, alpha ? 4 : 3);
    for (int y = 0; y < canvas.height; y += ROWS) {
      int rows = Math.min(ROWS, canvas.height - y);
      WritableRaster in = raster(canvas.width, rows, colors);
      WritableRaster out = raster(canvas.width, rows, 3);
      byte[] from = ((DataBufferByte) in.getDataBuffer()).getData();
      byte[] to = ((DataBufferByte) out.getDataBuffer()).getData();
      int pixels = canvas.width * rows;
      int first = y * canvas.width;
      copy(canvas.data, first, canvas.channels, from, 0, colors, pixels, colors);
      op.filter(in, out);
      copy(to, 0, 3, result.data, first, result.channels, pixels, 3);
      for (int i = first; alpha && i < first + pixels; i++) {
        result.data[4 * i + 3] = canvas.data[4 * i + 3];
      }
    }
    return result;
  }

  private static void copy(
      byte[] from, int first, int step, byte[] to, int target, int stride, int pixels, int n) {
    for (int i = 0; i < pixels; i++) {
      for (int c = 0; c < n; c++) {
        to[(target + i) * stride + c] = from[(first + i) * step + c];
      }
    }
  }

  private static WritableRaster raster(int width, int height, int bands) {
    return Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, bands, null);
  }
}

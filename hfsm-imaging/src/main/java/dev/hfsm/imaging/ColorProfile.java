package dev.hfsm.imaging;

import dev.hfsm.imaging.color.ColorConverter;
import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An embedded ICC profile (ICC.1), looked at with care before the colour engine of the JDK sees it.
 * A broken one is as good as none.
 */
final class ColorProfile {

  private static final int MAX_TAGS = 200;
  private static final int ROWS = 64;

  private final byte[] bytes;
  private final String space;

  private ColorProfile(byte[] bytes, String space) {
    this.bytes = bytes;
    this.space = space;
  }

  static Optional<ColorProfile> of(byte @Nullable [] icc) {
    if (icc == null || icc.length < 132) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(icc);
    long size = in.getInt(0) & 0xFFFFFFFFL;
    int tags = in.getInt(128);
    boolean sound =
        size >= 132
            && size <= icc.length
            && ascii(icc, 36).equals("acsp")
            && tags > 0
            && tags <= MAX_TAGS
            && 132 + 12L * tags <= size;
    for (int i = 0; sound && i < tags; i++) {
      long offset = in.getInt(136 + 12 * i) & 0xFFFFFFFFL;
      long length = in.getInt(140 + 12 * i) & 0xFFFFFFFFL;
      sound = offset >= 128 && offset + length <= size;
    }
    return sound ? Optional.of(new ColorProfile(icc, ascii(icc, 16))) : Optional.empty();
  }

  private static String ascii(byte[] bytes, int at) {
    return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
  }

  /** The profile's description, in whatever language comes first. */
  Optional<String> description() {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int tags = in.getInt(128);
    for (int i = 0; i < tags; i++) {
      if (ascii(bytes, 132 + 12 * i).equals("desc")) {
        int offset = in.getInt(136 + 12 * i);
        int length = in.getInt(140 + 12 * i);
        return description(in, offset, length).map(String::strip).filter(s -> !s.isEmpty());
      }
    }
    return Optional.empty();
  }

  private Optional<String> description(ByteBuffer in, int offset, int length) {
    if (length < 12) {
      return Optional.empty();
    }
    if (ascii(bytes, offset).equals("mluc") && length >= 28) {
      long chars = in.getInt(offset + 20) & 0xFFFFFFFFL;
      long start = in.getInt(offset + 24) & 0xFFFFFFFFL;
      return start + chars > length
          ? Optional.empty()
          : Optional.of(text((int) (offset + start), (int) chars, StandardCharsets.UTF_16BE));
    }
    if (ascii(bytes, offset).equals("desc")) {
      long chars = in.getInt(offset + 8) & 0xFFFFFFFFL;
      return 12 + chars > length
          ? Optional.empty()
          : Optional.of(text(offset + 12, (int) chars, StandardCharsets.ISO_8859_1));
    }
    return Optional.empty();
  }

  private String text(int at, int length, java.nio.charset.Charset charset) {
    String text = new String(bytes, at, length, charset);
    int zero = text.indexOf(0);
    return zero < 0 ? text : text.substring(0, zero);
  }

  /** Whether it describes pictures of that kind. */
  boolean fits(Strip.Model model) {
    return switch (model) {
      case GREY -> space.equals("GRAY");
      case RGB, RGBA -> space.equals("RGB ");
      case CMYK -> space.equals("CMYK");
    };
  }

  /** What a profile does to pictures of one kind. */
  interface Use {
    Canvas toSrgb(Canvas canvas);
  }

  /**
   * How pictures of that kind become sRGB; grey stays grey where that can be. Empty if they are to
   * be taken as they are. Look-up tables are left to the colour engine of the JDK.
   */
  Optional<Use> use(Strip.Model model) {
    if (!fits(model)) {
      return Optional.empty();
    }
    Optional<ColorConverter> converter =
        ColorConverter.of(bytes).filter(c -> c.grey() == (model == Strip.Model.GREY));
    if (converter.isEmpty()) {
      return Optional.of(
          canvas ->
              convertByJdk(canvas, model)
                  .orElseGet(() -> model == Strip.Model.CMYK ? withoutProfile(canvas) : canvas));
    }
    return converter.filter(c -> !c.srgb()).map(c -> canvas -> convert(canvas, c));
  }

  private static Canvas convert(Canvas canvas, ColorConverter converter) {
    byte[] data = canvas.data.clone();
    converter.bytes(data, 0, canvas.width * canvas.height, canvas.channels);
    return new Canvas(canvas.width, canvas.height, canvas.channels, data);
  }

  private Optional<Canvas> convertByJdk(Canvas canvas, Strip.Model model) {
    try {
      ICC_Profile from = ICC_Profile.getInstance(bytes);
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
    return Raster.createInterleavedRaster(
        java.awt.image.DataBuffer.TYPE_BYTE, width, height, bands, null);
  }

  /** Ink to light without a profile: what is not covered by ink or black. */
  static Canvas withoutProfile(Canvas cmyk) {
    Canvas result = new Canvas(cmyk.width, cmyk.height, 3);
    for (int p = 0, q = 0; p < cmyk.data.length; p += 4, q += 3) {
      int light = 255 - (cmyk.data[p + 3] & 0xFF);
      for (int c = 0; c < 3; c++) {
        result.data[q + c] = (byte) (((255 - (cmyk.data[p + c] & 0xFF)) * light + 127) / 255);
      }
    }
    return result;
  }
}

package dev.hfsm.imaging;

import dev.hfsm.imaging.color.ColorConverter;
import dev.hfsm.imaging.color.LutConverter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An embedded ICC profile (ICC.1), looked at with care. A broken one is as good as none. */
final class ColorProfile {

  private static final int MAX_TAGS = 200;

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
   * be taken as they are.
   */
  Optional<Use> use(Strip.Model model) {
    if (!fits(model)) {
      return Optional.empty();
    }
    Optional<ColorConverter> converter =
        ColorConverter.of(bytes).filter(c -> c.grey() == (model == Strip.Model.GREY));
    if (converter.isPresent()) {
      return converter.filter(c -> !c.srgb()).map(c -> canvas -> convert(canvas, c));
    }
    int colors = model == Strip.Model.RGBA ? 3 : model.channels;
    return LutConverter.of(bytes)
        .filter(c -> c.channels() == colors)
        .map(c -> canvas -> convert(canvas, c));
  }

  private static Canvas convert(Canvas canvas, ColorConverter converter) {
    byte[] data = canvas.data.clone();
    converter.bytes(data, 0, canvas.width * canvas.height, canvas.channels);
    return new Canvas(canvas.width, canvas.height, canvas.channels, data);
  }

  private static Canvas convert(Canvas canvas, LutConverter converter) {
    int from = canvas.channels;
    int to = from == 4 && converter.channels() == 3 ? 4 : 3;
    Canvas result = new Canvas(canvas.width, canvas.height, to);
    int pixels = canvas.width * canvas.height;
    converter.bytes(canvas.data, 0, from, result.data, 0, to, pixels);
    for (int i = 0; to == 4 && i < pixels; i++) {
      result.data[4 * i + 3] = canvas.data[4 * i + 3];
    }
    return result;
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

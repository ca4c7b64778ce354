package dev.hfsm.imaging.png;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything that stands before the pixels. Chunks that make the picture have to be sound;
 * metadata that is broken or too large is left out.
 */
final class HeaderReader {

  private final Chunks chunks;
  private final PngLimits limits;
  private final PngInfo.Metadata metadata = new PngInfo.Metadata();
  private @Nullable PngHeader header;
  private byte @Nullable [] palette;
  private byte @Nullable [] transparency;

  HeaderReader(Chunks chunks, PngLimits limits) {
    this.chunks = chunks;
    this.limits = limits;
  }

  /** Leaves the chunks at the first one of pixels. */
  Palette read() throws IOException {
    chunks.signature();
    chunks.next();
    if (!chunks.name().equals("IHDR") || chunks.left() != 13) {
      throw PngException.malformed("it does not start with its header");
    }
    byte[] body = chunks.body();
    chunks.endChecked();
    PngHeader parsed = PngHeader.parse(body, limits);
    header = parsed;
    chunks.next();
    while (!chunks.name().equals("IDAT")) {
      chunk(parsed);
      chunks.next();
    }
    if (parsed.color() == 3 && palette == null) {
      throw PngException.malformed("its palette is missing");
    }
    return new Palette(parsed, palette, transparency);
  }

  PngHeader header() {
    if (header == null) {
      throw new IllegalStateException("png: the header is not read yet");
    }
    return header;
  }

  PngInfo.Metadata metadata() {
    return metadata;
  }

  private void chunk(PngHeader parsed) throws IOException {
    switch (chunks.name()) {
      case "PLTE" -> palette(parsed);
      case "tRNS" -> {
        byte[] body = chunks.left() <= 256 ? chunks.body() : null;
        chunks.endChecked();
        transparency = body;
      }
      case "IHDR", "IEND" -> throw PngException.malformed("its chunks are in disorder");
      case "gAMA", "sRGB", "cHRM", "iCCP", "eXIf", "cICP", "acTL" -> describe();
      default -> {
        if (chunks.critical()) {
          throw PngException.malformed("it has an unknown critical chunk");
        }
        chunks.end();
      }
    }
  }

  private void palette(PngHeader parsed) throws IOException {
    long length = chunks.left();
    if (palette != null || length == 0 || length > 768 || length % 3 != 0) {
      throw PngException.malformed("its palette is invalid");
    }
    byte[] body = chunks.body();
    chunks.endChecked();
    // In a picture of colours it is but a hint.
    palette = parsed.color() == 3 ? body : new byte[0];
  }

  private void describe() throws IOException {
    if (chunks.left() > limits.maxMetadataBytes()) {
      chunks.end();
      return;
    }
    String name = chunks.name();
    byte[] body = chunks.body();
    if (!chunks.end()) {
      return;
    }
    switch (name) {
      case "gAMA" -> metadata.gamma = body.length == 4 ? number(body, 0) : 0;
      case "sRGB" ->
          metadata.intent = body.length == 1 && body[0] >= 0 && body[0] < 4 ? body[0] : -1;
      case "cHRM" -> {
        if (body.length == 32) {
          int[] values = new int[8];
          for (int i = 0; i < 8; i++) {
            values[i] = number(body, 4 * i);
          }
          metadata.chromaticities = values;
        }
      }
      case "cICP" -> metadata.cicp = body.length == 4 ? body : null;
      case "acTL" -> metadata.frames = body.length == 8 ? Math.max(1, number(body, 0)) : 1;
      case "eXIf" -> metadata.exif = body;
      default -> metadata.icc = profile(body);
    }
  }

  private static int number(byte[] body, int at) {
    return (int) Math.min(Integer.MAX_VALUE, PngHeader.u32(body, at));
  }

  /** Name, zero, method, deflated profile; expanded to the limit and no further. */
  private byte @Nullable [] profile(byte[] body) {
    int zero = 0;
    while (zero < body.length && body[zero] != 0) {
      zero++;
    }
    if (zero + 2 > body.length || body[zero + 1] != 0) {
      return null;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(body, zero + 2, body.length - zero - 2);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] block = new byte[1 << 12];
      while (!inflater.finished()) {
        int n = inflater.inflate(block);
        if (n == 0 || out.size() + n > limits.maxMetadataBytes()) {
          return null;
        }
        out.write(block, 0, n);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      return null;
    } finally {
      inflater.end();
    }
  }
}

package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Walks the chunks of a PNG (W3C PNG, third edition), checks the checksums of those that make the
 * picture.
 */
final class PngHeader {

  private final Bytes in;
  private final Limits limits;
  private int width;
  private int height;
  private int depth;
  private int color;
  private boolean palette;
  private boolean data;
  private int frames = 1;
  private byte @Nullable [] exif;
  private byte @Nullable [] icc;

  private PngHeader(Bytes in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  static Header read(Bytes in, Limits limits) throws Malformed {
    return new PngHeader(in, limits).walk();
  }

  private Header walk() throws Malformed {
    if (in.u32(0) != 0x89504E47L || in.u32(4) != 0x0D0A1A0AL) {
      throw new Malformed("it does not start as a PNG");
    }
    if (in.u32(8) != 13 || !in.has(12, "IHDR")) {
      throw new Malformed("it does not start with its header");
    }
    long at = 8;
    boolean ended = false;
    while (!ended && at + 12 <= in.size()) {
      long length = in.u32(at);
      if (length > Integer.MAX_VALUE || at + 12 + length > in.size()) {
        throw new Malformed("a chunk is longer than the file");
      }
      ended = chunk(at, length);
      at += 12 + length;
    }
    if (!data) {
      throw new Malformed("it holds no picture");
    }
    if (color == 3 && !palette) {
      throw new Malformed("its palette is missing");
    }
    int bytes = channels() * (depth == 16 ? 2 : 1);
    Rectangle frame = new Rectangle(width, height);
    Header.Encoded encoded =
        new Header.Encoded(
            Header.Codec.PNG,
            List.of(new Piece.Range(0, in.size())),
            frame,
            bytes,
            4L * bytes * width,
            true);
    return new Header(MediaType.PNG, width, height, frames, 0, exif, icc, encoded);
  }

  /** With room for the alpha that a transparent colour turns into. */
  private int channels() {
    return switch (color) {
      case 0, 4 -> 2;
      case 3 -> 1;
      default -> 4;
    };
  }

  private boolean chunk(long at, long length) throws Malformed {
    String name = new String(in.copy(at + 4, 4), java.nio.charset.StandardCharsets.ISO_8859_1);
    switch (name) {
      case "IHDR" -> {
        if (at != 8) {
          throw new Malformed("it has two headers");
        }
        imageHeader(at + 8);
      }
      case "PLTE" -> palette = true;
      case "IDAT" -> data = true;
      case "tRNS", "IEND" -> {}
      case "acTL" -> frames = length >= 8 ? (int) clampFrames(in.u32(at + 8)) : 1;
      case "eXIf" -> {
        if (length <= limits.maxMetadataBytes()) {
          exif = in.copy(at + 8, (int) length);
        }
      }
      case "iCCP" -> icc = length <= limits.maxMetadataBytes() ? profile(at + 8, length) : null;
      default -> {
        if ((in.u8(at + 4) & 0x20) == 0) {
          throw new Malformed("it has an unknown critical chunk");
        }
      }
    }
    if (List.of("IHDR", "PLTE", "IDAT", "tRNS", "IEND").contains(name)) {
      checkSum(at, length, name);
    }
    return name.equals("IEND");
  }

  private static long clampFrames(long declared) {
    return Math.max(1, Math.min(declared, Integer.MAX_VALUE));
  }

  private void imageHeader(long body) throws Malformed {
    long w = in.u32(body);
    long h = in.u32(body + 4);
    if (w == 0 || h == 0 || w > Integer.MAX_VALUE || h > Integer.MAX_VALUE) {
      throw new Malformed("it is " + w + " × " + h + " pixels");
    }
    width = (int) w;
    height = (int) h;
    depth = in.u8(body + 8);
    color = in.u8(body + 9);
    boolean valid =
        switch (color) {
          case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case 2, 4, 6 -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!valid || in.u8(body + 10) != 0 || in.u8(body + 11) != 0 || in.u8(body + 12) > 1) {
      throw new Malformed("its header is invalid");
    }
  }

  private void checkSum(long at, long length, String name) throws Malformed {
    CRC32 crc = new CRC32();
    byte[] block = new byte[1 << 13];
    long end = at + 8 + length;
    for (long p = at + 4; p < end; ) {
      int n = in.read(p, block, 0, (int) Math.min(block.length, end - p));
      if (n <= 0) {
        throw new Malformed("the file is truncated");
      }
      crc.update(block, 0, n);
      p += n;
    }
    if (crc.getValue() != in.u32(end)) {
      throw new Malformed("bad CRC in its " + name + " chunk");
    }
  }

  /** Name, zero, method, deflated profile; expanded to the limit and no further. */
  private byte @Nullable [] profile(long body, long length) throws Malformed {
    byte[] chunk = in.copy(body, (int) length);
    int zero = 0;
    while (zero < chunk.length && chunk[zero] != 0) {
      zero++;
    }
    if (zero + 2 > chunk.length) {
      return null;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(chunk, zero + 2, chunk.length - zero - 2);
      java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
      byte[] block = new byte[1 << 13];
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

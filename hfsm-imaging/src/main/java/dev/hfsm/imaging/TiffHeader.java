package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first directory of a TIFF (TIFF 6.0, or BigTIFF) and counts the others, without
 * following more of them than the limits allow.
 */
final class TiffHeader {

  private static final int MAX_ENTRIES = 4096;

  private final Bytes in;
  private final Limits limits;
  private final TiffWords words;
  private final boolean big;
  private long width;
  private long height;
  private long bits = 1;
  private long samples = 1;
  private long tileWidth;
  private long tileHeight;
  private long rowsPerStrip;
  private int orientation;
  private byte @Nullable [] icc;

  private TiffHeader(Bytes in, Limits limits) throws Malformed {
    this.in = in;
    this.limits = limits;
    this.words = TiffWords.of(in);
    if (!words.little() && !in.has(0, "MM")) {
      throw new Malformed("it does not start as a TIFF");
    }
    int version = words.u16(2);
    this.big = version == 43;
    if (version != 42 && !big) {
      throw new Malformed("it does not start as a TIFF");
    }
  }

  /** For a TIFF whose first directory is the picture. */
  static Header read(Bytes in, Limits limits) throws Malformed {
    TiffHeader tiff = new TiffHeader(in, limits);
    int frames = tiff.walk();
    return tiff.header(frames);
  }

  private int walk() throws Malformed {
    Set<Long> seen = new HashSet<>();
    long at = big ? words.u64(8) : words.u32(4);
    int pages = 0;
    while (at != 0 && seen.add(at) && pages <= 10_000) {
      in.budget().check();
      try {
        at = directory(at, pages == 0);
      } catch (Malformed e) {
        if (pages == 0) {
          throw e;
        }
        at = 0;
      }
      pages++;
    }
    if (pages == 0) {
      throw new Malformed("it holds no picture");
    }
    return pages;
  }

  private long directory(long at, boolean read) throws Malformed {
    long count = big ? words.u64(at) : words.u16(at);
    if (count <= 0 || count > MAX_ENTRIES) {
      throw new Malformed("a directory has " + count + " entries");
    }
    long first = at + (big ? 8 : 2);
    int entry = big ? 20 : 12;
    for (int i = 0; read && i < count; i++) {
      field(first + (long) i * entry);
    }
    long next = first + count * entry;
    if (next + (big ? 8 : 4) > in.size()) {
      return 0;
    }
    return big ? words.u64(next) : words.u32(next);
  }

  private void field(long at) throws Malformed {
    int tag = words.u16(at);
    int type = words.u16(at + 2);
    long count = big ? words.u64(at + 4) : words.u32(at + 4);
    long value = at + (big ? 12 : 8);
    switch (tag) {
      case 256 -> width = number(type, value);
      case 257 -> height = number(type, value);
      case 258 -> bits = number(type, count > 2 && !big ? words.u32(value) : value);
      case 274 -> orientation = (int) number(type, value);
      case 277 -> samples = number(type, value);
      case 278 -> rowsPerStrip = number(type, value);
      case 322 -> tileWidth = number(type, value);
      case 323 -> tileHeight = number(type, value);
      case 34675 -> {
        long offset = big ? words.u64(value) : words.u32(value);
        if (count > 128 && count <= limits.maxMetadataBytes() && offset + count <= in.size()) {
          icc = in.copy(offset, (int) count);
        }
      }
      default -> {}
    }
  }

  private long number(int type, long at) throws Malformed {
    return switch (type) {
      case 1 -> in.u8(at);
      case 3 -> words.u16(at);
      case 4 -> words.u32(at);
      case 16 -> words.u64(at);
      default -> throw new Malformed("a number in its directory has type " + type);
    };
  }

  private Header header(int frames) throws Malformed {
    if (width <= 0 || height <= 0) {
      throw new Malformed("it is " + width + " × " + height + " pixels");
    }
    Checks.pixels(width, height, limits);
    if (samples < 1 || samples > 16 || bits < 1 || bits > 64) {
      throw new Malformed("it has " + samples + " samples of " + bits + " bits");
    }
    if (tileWidth != 0 || tileHeight != 0) {
      if (tileWidth <= 0 || tileHeight <= 0) {
        throw new Malformed("its tiles are " + tileWidth + " × " + tileHeight + " pixels");
      }
      Checks.pixels(tileWidth, tileHeight, limits);
    }
    return header(frames, encoded());
  }

  /** Null if the pixels stay closed: JPEG in the way of TIFF 6.0 itself, which was given up. */
  private Header.@Nullable Encoded encoded() throws Malformed {
    int bytes = (int) (samples * Math.max(1, (bits + 7) / 8));
    TiffDirectory fields = new TiffDirectory(in);
    Rectangle size = new Rectangle((int) width, (int) height);
    long compression = fields.only(259, 1);
    if (compression == 6 || compression == 7) {
      // Tiles or strips are decoded whole beside the picture.
      long rows = Math.max(1, Math.min(height, rowsPerStrip == 0 ? height : rowsPerStrip));
      long unit = tileWidth > 0 ? tileWidth * tileHeight : width * rows;
      return compression == 7 && TiffJpeg.decodes(fields)
          ? new Header.Encoded(
              Header.Codec.TIFF_JPEG, List.of(), size, bytes, TiffJpeg.bytes(unit, samples), false)
          : null;
    }
    long overhead = 4 * Math.max(tileWidth, width) * bytes + 16 * fields.values();
    return new Header.Encoded(Header.Codec.TIFF, fields.pixelsOnly(), size, bytes, overhead, false);
  }

  private Header header(int frames, Header.@Nullable Encoded encoded) {
    return new Header(
        MediaType.TIFF, (int) width, (int) height, frames, orientation, null, icc, encoded);
  }
}

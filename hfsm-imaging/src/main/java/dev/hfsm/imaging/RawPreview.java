package dev.hfsm.imaging;

import dev.hfsm.error.HfsmException;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the JPEGs that cameras put into raw pictures, which are TIFFs (TIFF 6.0, TIFF/EP, DNG): in
 * one strip or under the old JPEG tags, in any directory of the chain or below it. The largest one
 * that this engine decodes counts.
 */
final class RawPreview {

  private static final Set<String> TYPES = Set.of("image/x-canon-cr2", "image/x-adobe-dng");
  private static final int MAX_DIRECTORIES = 64;
  private static final int MAX_SIDE = 1_000_000;
  private static final int MAX_ENTRIES = 4096;

  /** Sides in pixels. */
  record Size(int width, int height) {}

  /** A JPEG in a file. */
  record Found(Bytes in, Header header) {}

  private final Bytes in;
  private final TiffWords words;
  private final Deque<Long> open = new ArrayDeque<>();
  private final Set<Long> seen = new HashSet<>();
  private final List<Piece.Range> candidates = new ArrayList<>();
  private Size size = new Size(0, 0);

  private RawPreview(Bytes in) throws Malformed {
    this.in = in;
    this.words = TiffWords.of(in);
  }

  /** Whether pictures of that type are looked into for a preview. */
  static boolean in(MediaType type) {
    return TYPES.contains(type.text());
  }

  /** Of the largest picture that any directory states the size of: mostly what the sensor saw. */
  static Optional<Size> size(Bytes in) throws Malformed {
    RawPreview raw = new RawPreview(in);
    raw.walk();
    return raw.size.width() > 0 ? Optional.of(raw.size) : Optional.empty();
  }

  /** The best preview, if there is any. */
  static Optional<Found> find(Bytes in, Limits limits) throws Malformed {
    RawPreview raw = new RawPreview(in);
    raw.walk();
    Optional<Found> best = Optional.empty();
    for (Piece.Range range : raw.candidates) {
      Optional<Found> found = raw.jpeg(range, limits);
      if (found.isPresent()
          && found.get().header().pixels() > best.map(b -> b.header().pixels()).orElse(0L)) {
        best = found;
      }
    }
    return best;
  }

  /** Nothing for what looks like a JPEG and cannot be decoded: the raw data of many cameras. */
  private Optional<Found> jpeg(Piece.Range range, Limits limits) {
    try {
      Bytes part = in.part(range.offset(), range.length());
      Header header = JpegHeader.read(part, limits);
      Checks.header(header, limits);
      return Optional.of(new Found(part, header));
    } catch (SourceUnreadable e) {
      throw e;
    } catch (Malformed | HfsmException e) {
      in.budget().check();
      return Optional.empty();
    }
  }

  private void walk() throws Malformed {
    open.add(words.u32(4));
    while (!open.isEmpty() && seen.size() < MAX_DIRECTORIES) {
      long at = open.remove();
      if (at >= 8 && seen.add(at)) {
        in.budget().check();
        try {
          directory(at);
        } catch (Malformed e) {
          // What other directories say still counts.
          continue;
        }
      }
    }
  }

  private void directory(long at) throws Malformed {
    int count = words.u16(at);
    if (count > MAX_ENTRIES) {
      return;
    }
    long offset = 0;
    long length = 0;
    int compression = 0;
    long width = 0;
    long height = 0;
    for (int i = 0; i < count; i++) {
      long entry = at + 2 + 12L * i;
      long values = words.u32(entry + 4);
      long value = words.u16(entry + 2) == 3 ? words.u16(entry + 8) : words.u32(entry + 8);
      switch (words.u16(entry)) {
        case 256 -> width = value;
        case 257 -> height = value;
        case 259 -> compression = (int) value;
        case 273, 513 -> offset = values == 1 ? value : 0;
        case 279, 514 -> length = values == 1 ? value : 0;
        case 330 -> below(values, value);
        default -> {}
      }
    }
    larger(width, height);
    if (compression == 0 || compression == 6 || compression == 7) {
      long most = Math.min(length, in.size() - offset);
      if (offset > 0 && most > 100 && in.u16(offset) == 0xFFD8) {
        candidates.add(new Piece.Range(offset, most));
      }
    }
    open.add(words.u32(at + 2 + 12L * count));
  }

  private void larger(long width, long height) {
    boolean sound = width <= MAX_SIDE && height <= MAX_SIDE;
    if (sound && width * height > (long) size.width() * size.height()) {
      size = new Size((int) width, (int) height);
    }
  }

  /** Directories below this one: one stands in the entry, several elsewhere. */
  private void below(long count, long value) throws Malformed {
    if (count == 1) {
      open.add(value);
      return;
    }
    for (int i = 0; i < Math.min(count, MAX_DIRECTORIES); i++) {
      open.add(words.u32(value + 4L * i));
    }
  }
}

package dev.hfsm.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a TIFF's first directory (TIFF 6.0, or BigTIFF); their values lie in the file. */
final class TiffDirectory {

  private static final int MAX_ENTRIES = 4096;

  /** Fields that say how pixels are stored. */
  private static final Set<Integer> OF_PIXELS =
      Set.of(
          254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323,
          324, 325, 332, 334, 338, 339, 529, 530, 531, 532);

  private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

  /** One field; the values are one after another from {@code at} on. */
  private record Field(int type, long count, long at, long entry) {
    int size() {
      return type < SIZES.length ? SIZES[type] : 0;
    }
  }

  private final Bytes in;
  private final TiffWords words;
  private final boolean big;
  private final long start;
  private final long count;
  private final Map<Integer, Field> fields = new HashMap<>();

  /**
   * Reads the directory. Fields that are there twice, or of which values lie outside of the file,
   * are refused: another reader would see another picture.
   */
  TiffDirectory(Bytes in) throws Malformed {
    this.in = in;
    this.words = TiffWords.of(in);
    this.big = words.u16(2) == 43;
    this.start = big ? words.u64(8) : words.u32(4);
    this.count = big ? words.u64(start) : words.u16(start);
    if (count <= 0 || count > MAX_ENTRIES) {
      throw new Malformed("a directory has " + count + " entries");
    }
    for (int i = 0; i < count; i++) {
      field(entry(i));
    }
  }

  private long entry(long index) {
    return start + (big ? 8 + 20 * index : 2 + 12 * index);
  }

  private void field(long entry) throws Malformed {
    int tag = words.u16(entry);
    if (!OF_PIXELS.contains(tag) && tag != TiffJpeg.TABLES) {
      return;
    }
    int type = words.u16(entry + 2);
    long values = big ? words.u64(entry + 4) : words.u32(entry + 4);
    long at = entry + (big ? 12 : 8);
    Field field = new Field(type, values, at, entry);
    if (field.size() == 0 || values > in.size() / field.size()) {
      throw new Malformed("a field of its directory has " + values + " values");
    }
    long bytes = values * field.size();
    if (bytes > (big ? 8 : 4)) {
      at = big ? words.u64(at) : words.u32(at);
    }
    if (bytes > in.size() - at) {
      throw new Malformed("a field of its directory lies outside of the file");
    }
    if (fields.put(tag, new Field(type, values, at, entry)) != null) {
      throw new Malformed("its directory has two fields of the kind " + tag);
    }
  }

  /** How many values the field has, 0 if there is none. */
  long count(int tag) {
    Field field = fields.get(tag);
    return field == null ? 0 : field.count();
  }

  /** The value of a field that has one; refused if it has several. */
  long only(int tag, long otherwise) throws Malformed {
    if (count(tag) > 1) {
      throw new Malformed("a field of its directory has " + count(tag) + " values");
    }
    return number(tag, 0, otherwise);
  }

  /** One value of a field of whole numbers. */
  long number(int tag, long index, long otherwise) throws Malformed {
    Field field = fields.get(tag);
    if (field == null || index >= field.count()) {
      return otherwise;
    }
    long at = field.at() + index * field.size();
    return switch (field.type()) {
      case 1 -> in.u8(at);
      case 3 -> words.u16(at);
      case 4 -> words.u32(at);
      case 16 -> words.u64(at);
      default -> throw new Malformed("a number in its directory has type " + field.type());
    };
  }

  /** The values of a field of bytes; null if there is none. */
  byte @Nullable [] bytes(int tag, int most) throws Malformed {
    Field field = fields.get(tag);
    if (field == null || field.size() != 1) {
      return null;
    }
    if (field.count() > most) {
      throw new Malformed("a field of its directory has " + field.count() + " values");
    }
    return in.copy(field.at(), (int) field.count());
  }

  /** Values that a decoder holds of what it is shown. */
  long values() {
    return fields.values().stream().mapToLong(Field::count).sum();
  }

  /**
   * The file as a decoder is to see it: with one page, and of that what says how its pixels are
   * stored. No profile, no metadata, no further directory is there to be followed.
   */
  List<Piece> pixelsOnly() throws Malformed {
    int head = big ? 8 : 2;
    int size = big ? 20 : 12;
    List<Field> kept = new ArrayList<>();
    for (Map.Entry<Integer, Field> field : fields.entrySet()) {
      if (OF_PIXELS.contains(field.getKey())) {
        kept.add(field.getValue());
      }
    }
    kept.sort(java.util.Comparator.comparingLong(Field::entry));
    int length = Math.toIntExact(head + size * count + (big ? 8 : 4));
    ByteBuffer directory =
        ByteBuffer.allocate(length)
            .order(words.little() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (big) {
      directory.putLong(kept.size());
    } else {
      directory.putShort((short) kept.size());
    }
    for (Field field : kept) {
      directory.put(in.copy(field.entry(), size));
    }
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece.Range(0, start));
    pieces.add(new Piece.Literal(directory.array()));
    if (start + length < in.size()) {
      pieces.add(new Piece.Range(start + length, in.size() - start - length));
    }
    return List.copyOf(pieces);
  }
}

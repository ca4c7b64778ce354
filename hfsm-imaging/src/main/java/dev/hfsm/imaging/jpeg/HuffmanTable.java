package dev.hfsm.imaging.jpeg;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Huffman table (T.81, C.2) expanded for look-up. Immutable but for the skip table, which is made
 * when it is first asked for; thread-safe. Tables are kept by content, because most files share a
 * few.
 */
final class HuffmanTable {

  /** What a table codes. */
  enum Kind {
    DC,
    AC,
    PROGRESSIVE_AC
  }

  /** Bits that index {@link #fast}. */
  static final int FAST_BITS = 11;

  /** Bits that index {@link #skip()}. */
  static final int SKIP_BITS = 13;

  /** In an entry, above the six bits of the length: coefficients to advance, or the end. */
  static final int END = 128;

  /** A code that no symbol has is taken as libjpeg takes it: 17 bits that mean zero. */
  static final int NO_CODE = 17 << 8;

  private static final int LOOK_BITS = 10;
  private static final int KEPT = 64;

  private static final Map<Key, HuffmanTable> CACHE =
      new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, HuffmanTable> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * By the next {@link #FAST_BITS} bits: 0 if they do not hold a whole symbol with its value, else
   * its bits in all (6 bits), the coefficients to advance or {@link #END} (8 bits), the value (16
   * bits, signed). For differences the advance is 0.
   */
  final int[] fast = new int[1 << FAST_BITS];

  private final Kind kind;
  private final char[] look = new char[1 << LOOK_BITS];
  private final int[] largest = new int[17];
  private final int[] offset = new int[17];
  private final byte[] values;
  private volatile char @Nullable [] skip;
  private volatile long @Nullable [] pairs;

  private record Key(Kind kind, byte[] spec) {

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && kind == key.kind && Arrays.equals(spec, key.spec);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(spec) + kind.ordinal();
    }
  }

  /**
   * The table for a specification.
   *
   * @param spec 16 counts and as many values as they say, as in the file
   */
  static HuffmanTable of(Kind kind, byte[] spec) throws JpegException {
    Key key = new Key(kind, spec);
    synchronized (CACHE) {
      HuffmanTable known = CACHE.get(key);
      if (known != null) {
        return known;
      }
    }
    HuffmanTable table = new HuffmanTable(kind, spec);
    synchronized (CACHE) {
      CACHE.put(key, table);
    }
    return table;
  }

  private HuffmanTable(Kind kind, byte[] spec) throws JpegException {
    this.kind = kind;
    values = Arrays.copyOfRange(spec, 16, spec.length);
    int code = 0;
    int next = 0;
    for (int length = 1; length <= 16; length++) {
      int count = spec[length - 1] & 0xFF;
      offset[length] = next - code;
      if (length <= LOOK_BITS) {
        fillLook(code, length, next, count);
      }
      code += count;
      next += count;
      largest[length] = count == 0 ? -1 : code - 1;
      if (count > 0 && code >= 1 << length) {
        throw JpegException.corrupt(
            "a Huffman table has more codes of %d bits than there can be".formatted(length));
      }
      code <<= 1;
    }
    for (int i = 0; kind == Kind.DC && i < values.length; i++) {
      if ((values[i] & 0xFF) > 15) {
        throw JpegException.corrupt(
            "a Huffman table for differences has symbol %d; expected at most 15"
                .formatted(values[i] & 0xFF));
      }
    }
    for (int bits = 0; bits < fast.length; bits++) {
      fast[bits] = entry(bits);
    }
  }

  private void fillLook(int code, int length, int first, int count) throws JpegException {
    int shift = LOOK_BITS - length;
    if (code + count > 1 << length) {
      throw JpegException.corrupt(
          "a Huffman table has more codes of %d bits than there can be".formatted(length));
    }
    for (int i = 0; i < count; i++) {
      char entry = (char) (length << 8 | values[first + i] & 0xFF);
      Arrays.fill(look, code + i << shift, code + i + 1 << shift, entry);
    }
  }

  private int entry(int bits) {
    int code = symbol(bits << 16 - FAST_BITS);
    int length = code >>> 8;
    int run = code >>> 4 & 15;
    int size = code & 15;
    if (kind == Kind.DC) {
      run = -1;
    } else if (size == 0 && run != 15) {
      return length > FAST_BITS || endsMore(run) ? 0 : length | END << 6;
    }
    if (length + size > FAST_BITS) {
      return 0;
    }
    int raw = bits >>> FAST_BITS - length - size & (1 << size) - 1;
    return length + size | run + 1 << 6 | extend(raw, size) << 16;
  }

  /** Whether the end of a block means other blocks as well. */
  private boolean endsMore(int run) {
    return kind == Kind.PROGRESSIVE_AC && run > 0;
  }

  /** The value that {@code size} bits stand for (T.81, F.2.2.1). */
  static int extend(int raw, int size) {
    return size == 0 || raw >= 1 << size - 1 ? raw : raw + 1 - (1 << size);
  }

  /**
   * The symbol that the next bits begin with.
   *
   * @param bits the next 16 bits
   * @return its length, and the symbol in the low 8 bits; {@link #NO_CODE} if there is none
   */
  int symbol(int bits) {
    int entry = look[bits >>> 16 - LOOK_BITS];
    if (entry != 0) {
      return entry;
    }
    for (int length = LOOK_BITS + 1; length <= 16; length++) {
      int code = bits >>> 16 - length;
      if (code <= largest[length]) {
        return length << 8 | values[code + offset[length]] & 0xFF;
      }
    }
    return NO_CODE;
  }

  /**
   * By the next {@link #FAST_BITS} bits the first coefficient that they hold, as in {@link #fast},
   * and the second one if they hold two: the bits of both (6 bits), of the first (6), what the
   * first advances by (8), and the second (8), four bits of nothing, the value of the first (16,
   * signed) and of the second (16). If there is no second one, it advances by 0 and has the value
   * of the first, so that whoever takes both stores the same once more.
   */
  long[] pairs() {
    long[] made = pairs;
    if (made == null) {
      made = new long[1 << FAST_BITS];
      for (int bits = 0; bits < made.length; bits++) {
        made[bits] = pair(bits);
      }
      pairs = made;
    }
    return made;
  }

  private long pair(int bits) {
    long one = fast[bits];
    if (one == 0) {
      return 0;
    }
    long used = one & 63;
    long value = one >> 16 & 0xFFFF;
    long first = used << 6 | (one >> 6 & 0xFF) << 12 | value << 32;
    int rest = bits << used & (1 << FAST_BITS) - 1;
    long two = (one >> 6 & 0xFF) < END ? fast[rest] : 0;
    if (two == 0 || used + (two & 63) > FAST_BITS) {
      return first | used | value << 48;
    }
    return first | used + (two & 63) | (two >> 6 & 0xFF) << 20 | two >> 16 << 48;
  }

  /**
   * By the next {@link #SKIP_BITS} bits, as many whole coefficients as they hold: their bits (6
   * bits), the coefficients to advance, plus {@link #END} if the block ends there. An entry that
   * advances 64 coefficients in no bits holds none.
   */
  char[] skip() {
    char[] made = skip;
    if (made == null) {
      made = new char[1 << SKIP_BITS];
      for (int bits = 0; bits < made.length; bits++) {
        made[bits] = group(bits);
      }
      // Two that make it at a time make the same.
      skip = made;
    }
    return made;
  }

  private char group(int bits) {
    int used = 0;
    int advance = 0;
    while (used < SKIP_BITS) {
      int code = symbol(bits << 16 - SKIP_BITS + used & 0xFFFF);
      int length = code >>> 8;
      int size = code & 15;
      int run = code >>> 4 & 15;
      boolean end = size == 0 && run != 15;
      if (used + length + size > SKIP_BITS || (end ? endsMore(run) : advance + run + 1 > 63)) {
        break;
      }
      used += length + size;
      if (end) {
        return (char) (used | advance + END << 6);
      }
      advance += run + 1;
    }
    return (char) (used == 0 ? 64 << 6 : used | advance << 6);
  }
}

package dev.hfsm.imaging.png;

import java.io.IOException;
import java.util.Arrays;

/**
 * The two codes of a block of DEFLATE: one for literals, lengths and the end, one for distances.
 */
final class DeflateCodes {

  private static final int SYMBOL_BITS = 11;
  private static final int DISTANCE_BITS = 9;
  static final int SYMBOL_MASK = (1 << SYMBOL_BITS) - 1;
  static final int DISTANCE_MASK = (1 << DISTANCE_BITS) - 1;

  /**
   * What a symbol becomes. One literal or two are negative, two with bit 30 set, the bytes
   * themselves from bit 8 on. A length has this bit, its base from bit 9 on and the number of its
   * extra bits from bit 6 on. A distance has its base from bit 10 on. Bit 5 is never set, because
   * the lowest six say how far a long is shifted.
   */
  static final int LENGTH = 1 << 28;

  static final int END = 1 << 30;

  private static final int LITERAL = 1 << 31;
  private static final int TWO = 3 << 30;

  private static final int[] SYMBOLS = symbolMeanings();
  private static final int[] DISTANCES = distanceMeanings();
  private static final byte[] FIXED = fixedLengths();
  private static final byte[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  final CodeTable symbols = new CodeTable(SYMBOL_BITS, SYMBOLS);
  final CodeTable distances = new CodeTable(DISTANCE_BITS, DISTANCES);
  private final CodeTable lengthCodes = new CodeTable(7, lengthMeanings());
  private final byte[] lengths = new byte[288 + 32];

  /** Whether the codes are those of the specification. */
  private boolean fixed;

  private static int[] symbolMeanings() {
    int[] meanings = new int[288];
    for (int i = 0; i < 256; i++) {
      meanings[i] = LITERAL | i << 8;
    }
    meanings[256] = END;
    int base = 3;
    for (int i = 0; i < 28; i++) {
      int extra = i < 8 ? 0 : (i - 4) / 4;
      meanings[257 + i] = LENGTH | base << 9 | extra << 6;
      base += 1 << extra;
    }
    meanings[285] = LENGTH | 258 << 9;
    // The last two stand in the fixed code and mean nothing: 0, which is refused.
    return meanings;
  }

  private static int[] distanceMeanings() {
    int[] meanings = new int[32];
    int base = 1;
    for (int i = 0; i < 30; i++) {
      int extra = i < 4 ? 0 : (i - 2) / 2;
      meanings[i] = base << 10 | extra << 6;
      base += 1 << extra;
    }
    // The last two mean nothing: a distance of 0, which is refused.
    return meanings;
  }

  private static int[] lengthMeanings() {
    int[] meanings = new int[19];
    for (int i = 0; i < 19; i++) {
      meanings[i] = i << 8;
    }
    return meanings;
  }

  private static byte[] fixedLengths() {
    byte[] lengths = new byte[288 + 32];
    Arrays.fill(lengths, 0, 144, (byte) 8);
    Arrays.fill(lengths, 144, 256, (byte) 9);
    Arrays.fill(lengths, 256, 280, (byte) 7);
    Arrays.fill(lengths, 280, 288, (byte) 8);
    Arrays.fill(lengths, 288, 320, (byte) 5);
    return lengths;
  }

  /** The codes that the specification names. */
  void fixed() throws PngException {
    // Files may hold a great many empty blocks of this kind.
    if (!fixed) {
      fill(FIXED, 288, 32);
      fixed = true;
    }
  }

  /** The codes that stand in the block's header. */
  void read(Inflate in) throws IOException {
    fixed = false;
    int literals = in.take(5) + 257;
    int far = in.take(5) + 1;
    int codes = in.take(4) + 4;
    if (literals > 286 || far > 30) {
      throw Inflate.corrupt();
    }
    Arrays.fill(lengths, 0, 19, (byte) 0);
    for (int i = 0; i < codes; i++) {
      lengths[ORDER[i]] = (byte) in.take(3);
    }
    if (!lengthCodes.fill(lengths, 0, 19)) {
      throw Inflate.corrupt();
    }
    lengths(in, literals + far);
    if (lengths[256] == 0) {
      throw Inflate.corrupt();
    }
    fill(lengths, literals, far);
  }

  private void lengths(Inflate in, int total) throws IOException {
    int i = 0;
    while (i < total) {
      int symbol = in.symbol(lengthCodes);
      if (symbol < 16) {
        lengths[i++] = (byte) symbol;
        continue;
      }
      if (symbol == 16 && i == 0) {
        throw Inflate.corrupt();
      }
      int repeat =
          switch (symbol) {
            case 16 -> 3 + in.take(2);
            case 17 -> 3 + in.take(3);
            default -> 11 + in.take(7);
          };
      if (i + repeat > total) {
        throw Inflate.corrupt();
      }
      Arrays.fill(lengths, i, i + repeat, symbol == 16 ? lengths[i - 1] : 0);
      i += repeat;
    }
  }

  private void fill(byte[] all, int literals, int far) throws PngException {
    if (!symbols.fill(all, 0, literals) || !distances.fill(all, literals, far)) {
      throw Inflate.corrupt();
    }
    pair();
  }

  /** Where another literal fits into the index behind a literal, both are found at once. */
  private void pair() {
    int[] table = symbols.table;
    // Downwards, because what stands behind a literal is found at a lower index.
    for (int i = table.length - 1; i >= 0; i--) {
      int first = table[i];
      if (first < 0) {
        int length = first & 31;
        int second = table[i >>> length];
        int both = length + (second & 31);
        if (second < 0 && both <= SYMBOL_BITS) {
          table[i] = TWO | (second & 0xFF00) << 8 | first & 0xFF00 | both;
        }
      }
    }
  }
}

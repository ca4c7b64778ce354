package dev.hfsm.imaging.jpegenc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Quantised blocks as the symbols that they will be written with, so that the tables can be made to
 * measure first. A symbol and up to 6 bits that follow it take one short, larger values two.
 */
final class Tokens {

  static final int CHUNK = 1 << 14;

  /** How often each symbol came; 256 for each of DC and AC of brightness, DC and AC of colour. */
  final int[] frequencies = new int[4 * 256];

  private final List<short[]> chunks = new ArrayList<>();
  private short[] chunk = new short[CHUNK];
  private int chunkIndex;
  private int size;

  Tokens() {
    chunks.add(chunk);
  }

  /** Shorts that the tokens kept take. */
  long size() {
    return (long) chunkIndex * CHUNK + size;
  }

  /** A block that holds no samples: as cheap as can be. */
  void dummy(int table) {
    put(table << 8, 0, 0);
    put(table + 1 << 8, 0, 0);
  }

  /**
   * One block.
   *
   * @param at where the DC lies; the others follow every {@link Fdct#LANES}, in zigzag order
   * @param predicted DC of the block before
   * @return this block's DC
   */
  int block(float[] strip, int at, int predicted, int table) {
    int dc = (int) strip[at];
    value(table << 8, dc - predicted);
    int ac = table + 1 << 8;
    int before = 0;
    for (long left = present(strip, at) & ~1L; left != 0; left &= left - 1) {
      int k = Long.numberOfTrailingZeros(left);
      int run = k - before - 1;
      for (; run > 15; run -= 16) {
        put(ac | 0xF0, 0, 0);
      }
      value(ac | run << 4, (int) strip[at + k * Fdct.LANES]);
      before = k;
    }
    if (before < 63) {
      put(ac, 0, 0);
    }
    return dc;
  }

  /** A bit for each coefficient that is not zero; most are, and are passed over by fours. */
  private static long present(float[] strip, int at) {
    long present = 0;
    for (int k = 0; k < 64; k += 4) {
      int p = at + k * Fdct.LANES;
      // Without the sign, because there is a negative zero.
      int a = Float.floatToRawIntBits(strip[p]) << 1;
      int b = Float.floatToRawIntBits(strip[p + Fdct.LANES]) << 1;
      int c = Float.floatToRawIntBits(strip[p + 2 * Fdct.LANES]) << 1;
      int d = Float.floatToRawIntBits(strip[p + 3 * Fdct.LANES]) << 1;
      if ((a | b | c | d) != 0) {
        long four = some(a) | some(b) << 1 | some(c) << 2 | some(d) << 3;
        present |= four << k;
      }
    }
    return present;
  }

  private static int some(int bits) {
    return (bits | -bits) >>> 31;
  }

  private void value(int symbol, int value) {
    int sign = value >> 31;
    int length = 32 - Integer.numberOfLeadingZeros((value ^ sign) - sign);
    put(symbol | length, value + sign & (1 << length) - 1, length);
  }

  private void put(int symbol, int extra, int length) {
    frequencies[symbol]++;
    if (size > CHUNK - 2) {
      nextChunk();
    }
    if (length <= 6) {
      chunk[size++] = (short) (symbol << 6 | extra);
    } else {
      chunk[size++] = (short) (symbol << 6);
      chunk[size++] = (short) extra;
    }
  }

  private void nextChunk() {
    // The end of a chunk that a pair did not fit into.
    if (size < CHUNK) {
      chunk[size] = FILLER;
    }
    chunkIndex++;
    if (chunkIndex == chunks.size()) {
      chunks.add(new short[CHUNK]);
    }
    chunk = chunks.get(chunkIndex);
    size = 0;
  }

  /** No value has 15 bits. */
  private static final short FILLER = (short) (0x0F << 6);

  /** Writes all tokens with these codes, and forgets them. */
  void drain(BitWriter out, int[] codes) throws IOException {
    for (int c = 0; c <= chunkIndex; c++) {
      short[] tokens = chunks.get(c);
      int end = c == chunkIndex ? size : CHUNK;
      for (int i = 0; i < end; i++) {
        int token = tokens[i] & 0xFFFF;
        int code = codes[token >>> 6];
        int extra = token & 0x3F;
        if ((token >>> 6 & 15) > 6) {
          if (tokens[i] == FILLER) {
            break;
          }
          extra = tokens[++i];
        }
        out.put(code >>> 5 | extra, code & 31);
      }
    }
    chunkIndex = 0;
    chunk = chunks.get(0);
    size = 0;
  }

  /**
   * For {@link #drain}: each symbol's code, followed by zeros for the bits of its value, and the
   * length of both together in the lowest five bits.
   */
  static int[] codes(Huffman[] tables) {
    int[] codes = new int[tables.length * 256];
    for (int t = 0; t < tables.length; t++) {
      for (int symbol = 0; symbol < 256; symbol++) {
        int extra = symbol & 15;
        int length = tables[t].length(symbol) + extra;
        if (length <= 27) {
          codes[t << 8 | symbol] = tables[t].code(symbol) << extra << 5 | length;
        }
      }
    }
    return codes;
  }

  /** Counts every symbol that a baseline picture may hold once more, so that each has a code. */
  void allowAll() {
    for (int table = 0; table < 4; table += 2) {
      for (int size = 0; size <= 11; size++) {
        frequencies[table << 8 | size]++;
      }
      frequencies[table + 1 << 8]++;
      frequencies[table + 1 << 8 | 0xF0]++;
      for (int symbol = 0; symbol < 256; symbol++) {
        if ((symbol & 15) >= 1 && (symbol & 15) <= 10) {
          frequencies[table + 1 << 8 | symbol]++;
        }
      }
    }
  }
}

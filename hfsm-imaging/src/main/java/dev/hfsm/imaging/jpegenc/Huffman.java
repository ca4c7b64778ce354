package dev.hfsm.imaging.jpegenc;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A code of at most 16 bits with the least total length for given frequencies, made as in ITU-T
 * T.81 annex K.2; no code consists of ones only.
 */
final class Huffman {

  private static final int SYMBOLS = 257;

  /** How many codes there are of each length, from 1 on. */
  final byte[] counts = new byte[16];

  /** The symbols in the order of their codes. */
  final byte[] symbols;

  private final int[] codes = new int[256];
  private final int[] lengths = new int[256];

  private Huffman(int[] perLength, int[] size) {
    int total = 0;
    for (int length = 1; length <= 16; length++) {
      counts[length - 1] = (byte) perLength[length];
      total += perLength[length];
    }
    symbols = new byte[total];
    int n = 0;
    for (int length = 1; n < total; length++) {
      for (int symbol = 0; symbol < 256; symbol++) {
        if (size[symbol] == length) {
          symbols[n++] = (byte) symbol;
        }
      }
    }
    int code = 0;
    n = 0;
    for (int length = 1; length <= 16; length++) {
      for (int i = 0; i < perLength[length]; i++) {
        int symbol = symbols[n++] & 0xFF;
        codes[symbol] = code++;
        lengths[symbol] = length;
      }
      code <<= 1;
    }
  }

  int code(int symbol) {
    return codes[symbol];
  }

  /** Bits; 0 for a symbol that never came. */
  int length(int symbol) {
    return lengths[symbol];
  }

  /** The code for symbols that came so often, from {@code at} on, 256 of them. */
  static Huffman of(int[] frequencies, int at) {
    long[] frequency = new long[SYMBOLS];
    for (int i = 0; i < 256; i++) {
      frequency[i] = frequencies[at + i];
    }
    // A symbol of its own that takes the code of ones only.
    frequency[256] = 1;
    int[] size = sizes(frequency);
    int[] perLength = new int[SYMBOLS + 1];
    for (int i = 0; i < SYMBOLS; i++) {
      if (size[i] > 0) {
        perLength[size[i]]++;
      }
    }
    shorten(perLength);
    return new Huffman(perLength, size);
  }

  /** The lengths of an unlimited code: merges the two rarest until one is left. */
  private static int[] sizes(long[] frequency) {
    int[] size = new int[SYMBOLS];
    int[] others = new int[SYMBOLS];
    Arrays.fill(others, -1);
    int[] left = IntStream.range(0, SYMBOLS).filter(i -> frequency[i] != 0).toArray();
    for (int n = left.length; n > 1; n--) {
      int rarest = rarest(frequency, left, n, -1);
      int second = rarest(frequency, left, n, rarest);
      int kept = left[rarest];
      int merged = left[second];
      frequency[kept] += frequency[merged];
      System.arraycopy(left, second + 1, left, second, n - second - 1);
      int last = kept;
      size[last]++;
      while (others[last] >= 0) {
        last = others[last];
        size[last]++;
      }
      others[last] = merged;
      for (int i = merged; i >= 0; i = others[i]) {
        size[i]++;
      }
    }
    return size;
  }

  /** Where the least frequent symbol stands, of equals the last. */
  private static int rarest(long[] frequency, int[] left, int n, int except) {
    int found = -1;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < n; i++) {
      if (frequency[left[i]] <= least && i != except) {
        least = frequency[left[i]];
        found = i;
      }
    }
    return found;
  }

  /** Moves codes of more than 16 bits up, and drops the one of ones only. */
  private static void shorten(int[] perLength) {
    for (int length = SYMBOLS; length > 16; length--) {
      while (perLength[length] > 0) {
        int shorter = length - 2;
        while (perLength[shorter] == 0) {
          shorter--;
        }
        perLength[length] -= 2;
        perLength[length - 1]++;
        perLength[shorter + 1] += 2;
        perLength[shorter]--;
      }
    }
    int longest = 16;
    while (perLength[longest] == 0) {
      longest--;
    }
    perLength[longest]--;
  }
}

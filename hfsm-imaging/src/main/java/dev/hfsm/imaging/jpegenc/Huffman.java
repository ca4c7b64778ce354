package dev.hfsm.imaging.jpegenc;

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
    java.util.Arrays.fill(others, -1);
    while (true) {
      int rarest = rarest(frequency, -1);
      int second = rarest(frequency, rarest);
      if (second < 0) {
        return size;
      }
      frequency[rarest] += frequency[second];
      frequency[second] = 0;
      size[rarest]++;
      int last = rarest;
      while (others[last] >= 0) {
        last = others[last];
        size[last]++;
      }
      others[last] = second;
      for (int i = second; i >= 0; i = others[i]) {
        size[i]++;
      }
    }
  }

  /** The least frequent symbol, of equals the last. */
  private static int rarest(long[] frequency, int except) {
    int found = -1;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < SYMBOLS; i++) {
      if (frequency[i] != 0 && frequency[i] <= least && i != except) {
        least = frequency[i];
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

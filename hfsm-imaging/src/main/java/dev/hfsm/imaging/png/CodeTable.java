package dev.hfsm.imaging.png;

import java.util.Arrays;

/**
 * The canonical Huffman codes of one alphabet of DEFLATE (RFC 1951, 3.2.2), looked up by the next
 * bits of the stream. Codes too long for the table are found by comparison. Filled anew for each
 * block.
 */
final class CodeTable {

  private static final int LONGEST = 15;

  /** In the table: the code is longer than its index. */
  static final int LONG = 1 << 29;

  final int[] table;

  private final int bits;
  private final int[] meanings;
  private final int[] counts = new int[LONGEST + 1];
  private final int[] firstCode = new int[LONGEST + 1];
  private final int[] firstIndex = new int[LONGEST + 1];
  private final int[] next = new int[LONGEST + 1];
  private final short[] sorted;

  /**
   * @param bits of the table's index
   * @param meanings what each symbol becomes in the table, with the lowest five bits free for the
   *     length of its code
   */
  CodeTable(int bits, int[] meanings) {
    this.bits = bits;
    this.meanings = meanings;
    this.table = new int[1 << bits];
    this.sorted = new short[meanings.length];
  }

  /**
   * Takes the lengths of the codes of {@code n} symbols.
   *
   * @return false if they are no code; a single code of one bit is one, and so is none at all
   */
  boolean fill(byte[] lengths, int from, int n) {
    Arrays.fill(counts, 0);
    for (int i = 0; i < n; i++) {
      counts[lengths[from + i]]++;
    }
    int used = n - counts[0];
    counts[0] = 0;
    int code = 0;
    int index = 0;
    for (int length = 1; length <= LONGEST; length++) {
      code = code + counts[length - 1] << 1;
      firstCode[length] = code;
      firstIndex[length] = index;
      next[length] = index;
      index += counts[length];
      if (code + counts[length] > 1 << length) {
        return false;
      }
    }
    boolean complete = code + counts[LONGEST] == 1 << LONGEST;
    if (!complete && (used > 1 || used - counts[1] > 0)) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      int length = lengths[from + i];
      if (length > 0) {
        sorted[next[length]++] = (short) i;
      }
    }
    expand();
    return true;
  }

  private void expand() {
    Arrays.fill(table, LONG);
    for (int length = 1; length <= bits; length++) {
      int step = 1 << length;
      for (int i = 0; i < counts[length]; i++) {
        int entry = meanings[sorted[firstIndex[length] + i]] | length;
        int start = Integer.reverse(firstCode[length] + i) >>> 32 - length;
        for (int at = start; at < table.length; at += step) {
          table[at] = entry;
        }
      }
    }
  }

  /** What stands for a code that is not in the table; 0 if there is no such code. */
  int find(long stream) {
    int reversed = Integer.reverse((int) stream);
    for (int length = bits + 1; length <= LONGEST; length++) {
      int code = (reversed >>> 32 - length) - firstCode[length];
      if (code >= 0 && code < counts[length]) {
        return meanings[sorted[firstIndex[length] + code]] | length;
      }
    }
    return 0;
  }
}

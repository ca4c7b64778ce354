package dev.hfsm.imaging.jpegenc;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Counts the symbols of a scan, and then writes them. */
final class Symbols {

  private final BitWriter out;
  private final int[] frequencies = new int[2 * 256];
  private final @Nullable Huffman[] tables = new Huffman[2];
  private boolean writing;

  Symbols(BitWriter out) {
    this.out = out;
  }

  /** The table for what was counted, which {@link #symbol} will use. */
  Huffman table(int table) {
    Huffman made = Huffman.of(frequencies, table << 8);
    tables[table] = made;
    return made;
  }

  /** From now on symbols are written. */
  void write() {
    writing = true;
  }

  void symbol(int table, int symbol) throws IOException {
    if (!writing) {
      frequencies[table << 8 | symbol]++;
      return;
    }
    Huffman made = tables[table];
    if (made == null || made.length(symbol) == 0) {
      throw new IllegalStateException("jpeg: a symbol came that was not counted");
    }
    out.put(made.code(symbol), made.length(symbol));
  }

  /** The lower {@code length} bits, at most 16. */
  void bits(int value, int length) throws IOException {
    if (writing && length > 0) {
      out.put(value & (1 << length) - 1, length);
    }
  }

  /** A symbol that ends in the length of the value, and the value. */
  void value(int table, int symbol, int value) throws IOException {
    int sign = value >> 31;
    int length = 32 - Integer.numberOfLeadingZeros((value ^ sign) - sign);
    symbol(table, symbol | length);
    bits(value + sign, length);
  }
}

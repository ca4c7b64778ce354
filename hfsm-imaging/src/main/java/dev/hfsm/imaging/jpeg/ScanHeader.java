package dev.hfsm.imaging.jpeg;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One scan, with the tables that were in force when it began.
 *
 * @param parts the components, in the order of the scan
 * @param first first coefficient in zigzag order
 * @param last last coefficient in zigzag order
 * @param high the bit position of the scan before, 0 in a first scan
 * @param low the bit position of this scan
 * @param interval MCUs between restart markers, 0 for none
 * @param at where the coded data begins
 */
record ScanHeader(List<Part> parts, int first, int last, int high, int low, int interval, long at) {

  ScanHeader {
    parts = List.copyOf(parts);
  }

  /**
   * A component in a scan.
   *
   * @param component its index in the frame
   * @param dc the table for differences, if the scan uses one
   * @param ac the table for the other coefficients, if the scan uses one
   */
  record Part(int component, @Nullable HuffmanTable dc, @Nullable HuffmanTable ac) {}

  boolean interleaved() {
    return parts.size() > 1;
  }

  boolean refines() {
    return high != 0;
  }
}

package dev.hfsm.imaging.jpeg;

import java.util.Objects;

/**
 * A scan of a progressive picture that holds a band of further coefficients of one component (T.81,
 * G.1.2.2 and G.1.2.3). Coefficients that nobody needs are parsed and not kept.
 */
final class AcScan {

  private static final int STOP = (64 | HuffmanTable.END) << 6;
  private static final int OVERRUN = 64 << 6;

  private final Bits bits;
  private final Coefficients to;
  private final HuffmanTable table;
  private final char[] skip;
  private final boolean refines;
  private final int first;
  private final int last;
  private final int until;
  private final int low;
  private final boolean history;
  private int endRun;

  AcScan(ScanHeader scan, Bits bits, Coefficients to, int until) {
    this.bits = bits;
    this.to = to;
    this.until = until;
    this.table = Objects.requireNonNull(scan.parts().get(0).ac());
    this.skip = table.skip();
    this.refines = scan.refines();
    this.first = scan.first();
    this.last = scan.last();
    this.low = scan.low();
    this.history = to.nonZero.length > 0;
  }

  void row(int y, int blocks) throws JpegException {
    short[] kept = to.kept[y];
    long[] map = history ? to.nonZero[y] : new long[0];
    for (int x = 0; x < blocks; x++) {
      if (bits.next()) {
        endRun = 0;
      }
      if (refines) {
        map[x] = refine(kept, x * to.slots, map[x]);
      } else if (endRun > 0) {
        endRun--;
      } else {
        long found = begin(kept, x * to.slots);
        if (history) {
          map[x] |= found;
        }
      }
    }
  }

  /** A first scan's block; returns which coefficients are not zero. */
  private long begin(short[] kept, int at) {
    int k = first;
    long found = 0;
    while (k <= until) {
      bits.fill();
      int e = table.fast[bits.peek(HuffmanTable.FAST_BITS)];
      int value;
      if (e != 0) {
        bits.drop(e & 63);
        k += e >>> 6 & 0xFF;
        value = e >> 16;
      } else {
        int symbol = bits.symbol(table);
        int size = symbol & 15;
        int run = symbol >> 4;
        if (size == 0 && run != 15) {
          endRun = (1 << run) - 1 + bits.take(run);
          return found;
        }
        k += run + 1;
        value = HuffmanTable.extend(bits.take(size), size);
      }
      if (value != 0 && k <= last + 1) {
        found |= 1L << k - 1;
        int slot = to.slot[k - 1];
        if (slot >= 0) {
          kept[at + slot] = (short) (value << low);
        }
      }
    }
    if (k <= last) {
      skip(k);
    }
    return found;
  }

  /** Goes to the end of a block; the table of groups counts to 64. */
  private void skip(int from) {
    int k = from + 63 - last;
    while (k < 64) {
      bits.fill();
      int sum = k << 6;
      for (int i = 0; i < 4; i++) {
        int e = skip[bits.peek(HuffmanTable.SKIP_BITS)];
        int t = sum + e;
        if ((t & STOP) != 0) {
          if ((t & OVERRUN) == 0) {
            bits.drop(e & 63);
            return;
          }
          bits.fill();
          int symbol = bits.symbol(table);
          int size = symbol & 15;
          int run = symbol >> 4;
          if (size == 0 && run != 15) {
            endRun = (1 << run) - 1 + bits.take(run);
            return;
          }
          bits.drop(size);
          sum += run + 1 << 6;
          break;
        }
        bits.drop(e & 63);
        sum = t;
      }
      k = sum >>> 6;
    }
  }

  /** A refinement's block; takes and returns which coefficients are not zero. */
  private long refine(short[] kept, int at, long before) {
    long map = before;
    int k = first;
    while (endRun == 0 && k <= last) {
      bits.fill();
      int symbol = bits.symbol(table);
      int run = symbol >> 4;
      int value = 0;
      if ((symbol & 15) != 0) {
        value = bits.take(1) == 0 ? -1 : 1;
      } else if (run != 15) {
        endRun = (1 << run) + bits.take(run);
        break;
      }
      int next = zero(map, k, run);
      correct(kept, at, map & between(k, next));
      if (value != 0 && next <= last) {
        map |= 1L << next;
        int slot = to.slot[next];
        if (slot >= 0) {
          kept[at + slot] = (short) (value << low);
        }
      }
      k = next + 1;
    }
    if (endRun > 0) {
      if (k <= last) {
        correct(kept, at, map & between(k, last + 1));
      }
      endRun--;
    }
    return map;
  }

  /** The zero coefficient that has {@code run} zero ones before it, or the end of the band. */
  private int zero(long map, int from, int run) {
    long zeros = ~map & between(from, last + 1);
    for (int i = 0; i < run; i++) {
      zeros &= zeros - 1;
    }
    return zeros == 0 ? last + 1 : Long.numberOfTrailingZeros(zeros);
  }

  private static long between(int from, int to) {
    return to == from ? 0 : -1L << from & -1L >>> 64 - to;
  }

  /** One bit for each coefficient that was not zero: whether it grows by one. */
  private void correct(short[] kept, int at, long which) {
    long rest = which & to.needed;
    int total = Long.bitCount(which);
    int used = 0;
    while (rest != 0) {
      int k = Long.numberOfTrailingZeros(rest);
      rest &= rest - 1;
      int index = Long.bitCount(which & ~(-1L << k));
      drop(index - used);
      bits.fill();
      int bit = bits.take(1);
      used = index + 1;
      int i = at + to.slot[k];
      int value = kept[i];
      if (bit != 0 && (value >> low & 1) == 0) {
        kept[i] = (short) (value + (value >= 0 ? 1 << low : -1 << low));
      }
    }
    drop(total - used);
  }

  private void drop(int n) {
    if (n > 0) {
      bits.fill();
      bits.drop(Math.min(n, 32));
      if (n > 32) {
        bits.fill();
        bits.drop(n - 32);
      }
    }
  }
}

package dev.hfsm.imaging.jpeg;

/** Reads bits of one scan, where the loop is not worth doing it in local variables. */
final class Bits {

  private final EntropyInput in;
  private final int interval;
  private int left;
  private int restarts;
  private int position;
  private int count;
  private long bits;

  /** Codes without a meaning that were met. */
  long damage;

  Bits(JpegInput input, ScanHeader scan) throws JpegException {
    in = new EntropyInput(input, scan.at());
    interval = scan.interval() == 0 ? Integer.MAX_VALUE : scan.interval();
    left = interval;
  }

  /**
   * Called before each MCU.
   *
   * @return whether a new restart interval begins
   */
  boolean next() throws JpegException {
    boolean restarted = left == 0;
    if (restarted) {
      end();
      in.restart(restarts++ & 7);
      left = interval;
      position = 0;
      count = 0;
      bits = 0;
    }
    left--;
    if (position > in.soft) {
      position = in.refill(position);
    }
    return restarted;
  }

  /** Throws if more bits were used than there are. */
  void end() throws JpegException {
    in.check(position, count);
  }

  /** Makes sure of 56 bits. */
  void fill() {
    bits |= (long) EntropyInput.LONG.get(in.data, position) >>> count;
    position += 63 - count >>> 3;
    count |= 56;
  }

  /** The next bits, 1 to 32 of them, unused. */
  int peek(int n) {
    return (int) (bits >>> 64 - n);
  }

  void drop(int n) {
    bits <<= n;
    count -= n;
  }

  /** Uses 0 to 31 bits. */
  int take(int n) {
    int value = (int) (bits >>> 1 >>> 63 - n);
    bits <<= n;
    count -= n;
    return value;
  }

  /** Uses the bits of one symbol, which {@link #fill} has made sure of. */
  int symbol(HuffmanTable table) {
    int e = table.symbol(peek(16));
    if (e == HuffmanTable.NO_CODE) {
      damage++;
    }
    drop(e >>> 8);
    return e & 0xFF;
  }
}

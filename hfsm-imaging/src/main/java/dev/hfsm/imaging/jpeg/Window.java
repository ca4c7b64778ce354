package dev.hfsm.imaging.jpeg;

import dev.hfsm.imaging.jpeg.JpegInput.ArrayInput;

/** Random access to the file through a window of bounded size. */
final class Window {

  static final int SIZE = 1 << 15;

  private final JpegInput in;
  private final long size;

  /** The bytes of the window; longer than {@link #SIZE} if the file is on the heap. */
  byte[] bytes;

  private long start;
  private int filled;

  Window(JpegInput in) {
    this.in = in;
    this.size = in.size();
    if (in instanceof ArrayInput array) {
      bytes = array.bytes();
      filled = bytes.length;
    } else {
      bytes = new byte[SIZE];
    }
  }

  long size() {
    return size;
  }

  /**
   * Makes the byte at a position, and the one after it if there is one, part of the window.
   *
   * @return where it is in {@link #bytes}; at {@link #end()} if the file ends there
   */
  int at(long position) throws JpegException {
    if (position < start || position + 1 >= start + filled && start + filled < size) {
      fill(position);
    }
    return (int) (position - start);
  }

  /** The end of the window in {@link #bytes}. */
  int end() {
    return filled;
  }

  /** The position in the file of an index. */
  long position(int index) {
    return start + index;
  }

  int u8(long position) throws JpegException {
    int index = at(position);
    if (index >= filled) {
      throw JpegException.truncated(
          "truncated: the file ends at byte %d, within its headers".formatted(size));
    }
    return bytes[index] & 0xFF;
  }

  int u16(long position) throws JpegException {
    return u8(position) << 8 | u8(position + 1);
  }

  byte[] copy(long position, int length) throws JpegException {
    byte[] copy = new byte[length];
    for (int i = 0; i < length; i++) {
      copy[i] = (byte) u8(position + i);
    }
    return copy;
  }

  private void fill(long position) {
    start = Math.min(position, size);
    filled = 0;
    int wanted = (int) Math.min(SIZE, size - start);
    while (filled < wanted) {
      int n = in.read(start + filled, bytes, filled, wanted - filled);
      if (n <= 0) {
        throw new IllegalStateException(
            "expected %d bytes at %d, got none: the input changed".formatted(wanted, start));
      }
      filled += n;
    }
  }

  /**
   * The next marker at or after a position: an FF that is followed by neither 0 nor FF.
   *
   * @return where its FF is, or -1 if there is none
   */
  long marker(long from) throws JpegException {
    long position = from;
    while (position + 1 < size) {
      int p = at(position);
      int last = filled - 1;
      byte[] b = bytes;
      while (p < last && (b[p] != -1 || b[p + 1] == 0 || b[p + 1] == -1)) {
        p++;
      }
      if (p < last) {
        return position(p);
      }
      position = position(p);
    }
    return -1;
  }
}

package dev.hfsm.imaging.gif;

/** Single bytes of an input; what lies past its end is an error. */
final class Window {

  private final GifInput in;
  private final byte[] buffer = new byte[1 << 14];
  private long start;
  private int filled;

  Window(GifInput in) {
    this.in = in;
  }

  long size() {
    return in.size();
  }

  int u8(long at) throws GifException {
    if (at < start || at >= start + filled) {
      fill(at);
    }
    return buffer[(int) (at - start)] & 0xFF;
  }

  int u16(long at) throws GifException {
    return u8(at) | u8(at + 1) << 8;
  }

  boolean has(long at, String ascii) throws GifException {
    for (int i = 0; i < ascii.length(); i++) {
      if (at + i >= in.size() || u8(at + i) != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Where the sub-blocks that begin there have ended. */
  long pastBlocks(long at) throws GifException {
    long p = at;
    int n;
    while ((n = u8(p)) != 0) {
      p += n + 1L;
    }
    return p + 1;
  }

  private void fill(long at) throws GifException {
    if (at < 0 || at >= in.size()) {
      throw new GifException("the file is truncated");
    }
    start = at;
    filled = in.read(at, buffer, buffer.length);
    if (filled < 1) {
      filled = 0;
      throw new GifException("the file is truncated");
    }
  }
}

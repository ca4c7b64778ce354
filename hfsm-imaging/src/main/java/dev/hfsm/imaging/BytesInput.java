package dev.hfsm.imaging;

import java.io.InputStream;

/** A file as a stream, from its beginning. */
final class BytesInput extends InputStream {

  private final Bytes in;
  private final byte[] buffer = new byte[1 << 15];
  private long next;
  private int at;
  private int end;

  BytesInput(Bytes in) {
    this.in = in;
  }

  private boolean fill() {
    if (at == end) {
      end = Math.max(0, in.read(next, buffer, 0, buffer.length));
      next += end;
      at = 0;
    }
    return at < end;
  }

  @Override
  public int read() {
    return fill() ? buffer[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(length, end - at);
    System.arraycopy(buffer, at, into, offset, n);
    at += n;
    return n;
  }
}

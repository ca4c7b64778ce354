package dev.hfsm.cli.serve;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A request body of a length that was announced. Some servers end the stream in silence when the
 * client breaks off: half of a file would be taken for all of it. For one thread.
 */
final class WholeBody extends FilterInputStream {

  private final long announced;
  private long read;

  WholeBody(InputStream body, long announced) {
    super(body);
    this.announced = announced;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = in.read(bytes, offset, length);
    if (count > 0) {
      read += count;
    } else if (count < 0 && read < announced) {
      throw new IOException("expected %d bytes, found %d".formatted(announced, read));
    }
    return count;
  }
}

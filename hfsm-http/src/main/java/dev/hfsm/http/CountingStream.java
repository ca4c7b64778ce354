package dev.hfsm.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Counts what a client has taken, and notes when it takes no more. For one thread. */
final class CountingStream extends FilterOutputStream {

  private long count;
  private boolean refused;

  CountingStream(OutputStream out) {
    super(out);
  }

  long count() {
    return count;
  }

  /** Whether it was the client who ended it. */
  boolean refused() {
    return refused;
  }

  @Override
  public void write(int b) throws IOException {
    try {
      out.write(b);
    } catch (IOException e) {
      refused = true;
      throw e;
    }
    count++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      refused = true;
      throw e;
    }
    count += length;
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      refused = true;
      throw e;
    }
  }

  /** Not as its super class does, which flushes what has been closed already. */
  @Override
  public void close() throws IOException {
    out.close();
  }
}

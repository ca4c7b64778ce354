package dev.hfsm.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongFunction;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The body of an answer. An answer that breaks off is asked for again from where it broke; if that
 * does not help, it is an error, never a short blob. Closing early drops the connection instead of
 * reading what is left. For one thread.
 */
final class ObjectStream extends InputStream {

  /** So little is read faster than a connection is made. */
  private static final long WORTH_READING = 64 * 1024;

  /** Opens the same object anew, so many bytes further on. */
  interface Reopening extends LongFunction<ResponseInputStream<GetObjectResponse>> {}

  private final Reopening reopening;
  private final int attempts;
  private ResponseInputStream<GetObjectResponse> body;
  private long position;
  private long left;
  private boolean closed;

  /**
   * @param attempts how often in a row it may break off without a byte in between
   */
  ObjectStream(ResponseInputStream<GetObjectResponse> body, int attempts, Reopening reopening) {
    this.body = body;
    this.attempts = attempts;
    this.reopening = reopening;
    this.left = body.response().contentLength();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int n = readPersistently(target, offset, (int) Math.min(length, left));
    position += n;
    left -= n;
    if (left == 0) {
      seeTheEnd();
    }
    return n;
  }

  private int readPersistently(byte[] target, int offset, int length) throws IOException {
    for (int failed = 0; ; ) {
      try {
        int n = body.read(target, offset, length);
        if (n < 0) {
          throw new EOFException("the answer ended " + left + " bytes early");
        }
        return n;
      } catch (IOException | SdkException e) {
        failed++;
        if (failed >= attempts || Thread.currentThread().isInterrupted()) {
          throw new IOException("the object broke off at " + position + ": " + e.getMessage(), e);
        }
        reopen(e);
      }
    }
  }

  private void reopen(Exception why) throws IOException {
    body.abort();
    try {
      body = reopening.apply(position);
      if (body.response().contentLength() != left) {
        body.abort();
        throw new IOException(
            "the object broke off at "
                + position
                + ": expected "
                + left
                + " more bytes, found "
                + body.response().contentLength(),
            why);
      }
    } catch (RuntimeException e) {
      IOException failure =
          new IOException("the object broke off at " + position + " and stays so: " + e, why);
      failure.addSuppressed(e);
      throw failure;
    }
  }

  /** The connection goes back to its pool, and a client that compares checksums does it now. */
  private void seeTheEnd() throws IOException {
    try {
      body.read();
    } catch (SdkException e) {
      throw new IOException("the object was not read as it is: " + e.getMessage(), e);
    }
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(closed ? 0 : body.available(), left);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (left <= WORTH_READING) {
        body.skipNBytes(left);
        body.read();
        body.close();
        return;
      }
    } catch (IOException | SdkException e) {
      // Nobody wants those bytes any more.
    }
    body.abort();
  }
}

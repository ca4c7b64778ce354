package dev.hfsm.tck;

import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Bytes to store, and sources that are sound or tell lies about them. */
record Content(byte[] bytes) {

  /** The same bytes for the same size, different ones for another. */
  static Content ofSize(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    return new Content(bytes);
  }

  BlobRef ref() {
    return new BlobRef(Digest.ofContent(bytes), bytes.length);
  }

  ByteSource source() {
    return streaming(() -> new ByteArrayInputStream(bytes));
  }

  Content cutTo(int size) {
    return new Content(Arrays.copyOf(bytes, size));
  }

  /** A source that says it has all the bytes, and hands out {@code stream}. */
  ByteSource streaming(Opening stream) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() throws IOException {
        return stream.open();
      }
    };
  }

  /** A source whose stream does {@code then} before it gives the byte at {@code position}. */
  ByteSource interruptedAt(int position, Step then) {
    return streaming(() -> new Interrupted(bytes, position, then));
  }

  interface Opening {
    InputStream open() throws IOException;
  }

  interface Step {
    void run() throws IOException;
  }

  /** Counts the streams that are open. */
  ByteSource counting(AtomicInteger opened, AtomicInteger open) {
    return streaming(
        () -> {
          opened.incrementAndGet();
          open.incrementAndGet();
          return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            private boolean closed;

            @Override
            public void close() throws IOException {
              super.close();
              if (!closed) {
                closed = true;
                open.decrementAndGet();
              }
            }
          };
        });
  }

  private static final class Interrupted extends InputStream {
    private final byte[] bytes;
    private final int position;
    private final Step then;
    private int next;
    private boolean done;

    Interrupted(byte[] bytes, int position, Step then) {
      this.bytes = bytes;
      this.position = position;
      this.then = then;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (next == position && !done) {
        done = true;
        then.run();
      }
      if (next == bytes.length) {
        return -1;
      }
      int end = next < position ? position : bytes.length;
      int n = Math.min(length, end - next);
      System.arraycopy(bytes, next, target, offset, n);
      next += n;
      return n;
    }
  }
}

package dev.hfsm.store;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Passes bytes on one behind: the newest is held back until it is known that it is not the last, or
 * that all of them are right. Not thread-safe.
 */
final class VerifyingStream extends InputStream {

  private static final int UNREAD = -2;
  private static final int END = -1;

  private final InputStream in;
  private final StorageKey key;
  private final Digest expected;
  private final MessageDigest hash = Digest.newHash();
  private long left;
  private int held = UNREAD;
  private @Nullable IntegrityException failed;

  /**
   * @param in from the first byte of the blob on; has one byte more than {@code length} if the blob
   *     has
   * @param length how many bytes to pass on at most
   */
  VerifyingStream(InputStream in, long length, StorageKey key, Digest expected) {
    this.in = in;
    this.left = length;
    this.key = key;
    this.expected = expected;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (failed != null) {
      throw new IntegrityException(String.valueOf(failed.getMessage()), failed);
    }
    if (length == 0) {
      return 0;
    }
    if (held == UNREAD) {
      held = next();
    }
    if (held == END || left == 0) {
      return -1;
    }
    int n = pass(target, offset, (int) Math.min(length, left));
    left -= n;
    return n;
  }

  /** Passes the held byte on and those behind it, and holds the last one back. */
  private int pass(byte[] target, int offset, int length) throws IOException {
    byte first = (byte) held;
    if (length == 1) {
      held = next();
      target[offset] = first;
      return 1;
    }
    int n = in.read(target, offset + 1, length - 1);
    if (n < 0) {
      verify();
      held = END;
      target[offset] = first;
      return 1;
    }
    if (n == 0) {
      return pass(target, offset, 1);
    }
    hash.update(target, offset + 1, n);
    target[offset] = first;
    held = target[offset + n] & 0xff;
    return n;
  }

  private int next() throws IOException {
    int b = in.read();
    if (b < 0) {
      verify();
      return END;
    }
    hash.update((byte) b);
    return b;
  }

  private void verify() {
    Digest found = Digest.of(hash.digest());
    if (!found.equals(expected)) {
      failed =
          new IntegrityException("blob " + key + ": expected " + expected + ", found " + found);
      throw failed;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

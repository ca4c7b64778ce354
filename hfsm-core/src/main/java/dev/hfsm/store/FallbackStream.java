package dev.hfsm.store;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A read that goes on in another store when it breaks off. A blob never changes and is the same
 * wherever it lies under one key, so what comes next begins where the last byte was given. Damage
 * is not gone round: it speaks against what was given before. Not thread-safe.
 */
final class FallbackStream extends InputStream {

  private static final Logger LOG = LoggerFactory.getLogger(FallbackStream.class);

  private final StorageKey key;
  private final ByteRange range;
  private final Deque<BlobStore> next;
  private InputStream in;
  private long given;
  private boolean closed;

  /**
   * @param begun the whole range
   * @param next where to go on, each once
   */
  FallbackStream(StorageKey key, ByteRange range, InputStream begun, Collection<BlobStore> next) {
    this.key = key;
    this.range = range;
    this.in = begun;
    this.next = new ArrayDeque<>(next);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    while (true) {
      try {
        int n = in.read(target, offset, length);
        given += Math.max(0, n);
        return n;
      } catch (IOException | BlobStoreException e) {
        goOn(e);
      }
    }
  }

  @Override
  public long skip(long n) throws IOException {
    while (true) {
      try {
        long skipped = in.skip(n);
        given += skipped;
        return skipped;
      } catch (IOException | BlobStoreException e) {
        goOn(e);
      }
    }
  }

  private void goOn(Exception why) throws IOException {
    if (closed || next.isEmpty() || Thread.currentThread().isInterrupted()) {
      throw brokeOff(why);
    }
    closeQuietly();
    try {
      in = next.remove().open(key, range.after(given));
    } catch (HfsmException e) {
      IOException failure = brokeOff(why);
      failure.addSuppressed(e);
      throw failure;
    }
    LOG.warn(
        "{} broke off after {} bytes, going on in the other store: {}", key, given, why.toString());
  }

  private IOException brokeOff(Exception why) {
    String said = "blob " + key + " broke off after " + given + " bytes: " + why.getMessage();
    return new IOException(said, new BlobStoreException(said, why, true));
  }

  /** Who is at its end anyway need not say that it cannot be closed. */
  private void closeQuietly() {
    try {
      in.close();
    } catch (IOException | HfsmException e) {
      LOG.debug("closing what broke off: {}", e.toString());
    }
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    in.close();
  }
}

package dev.hfsm.store;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.EOFException;
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
 * wherever it lies under one key, so what comes next begins where the last byte was given, and ends
 * where the stores say that the blob does: a copy that was cut off ends no read. Damage is not gone
 * round: it speaks against what was given before. Not thread-safe.
 */
final class FallbackStream extends InputStream {

  private static final Logger LOG = LoggerFactory.getLogger(FallbackStream.class);
  private static final long UNKNOWN = -1;

  private final StorageKey key;
  private final ByteRange range;
  private final Deque<BlobStore> next;
  private InputStream in;
  private long given;

  /** How many bytes the range has; nobody is asked before something breaks. */
  private long whole = UNKNOWN;

  private boolean closed;

  /**
   * @param begun the whole range
   * @param next where to go on, each once; all that have the blob, so that they can be asked for
   *     its size
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
        if (n < 0 && given < whole) {
          throw new EOFException("it ended " + (whole - given) + " bytes early");
        }
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
      learnEnd();
      in = next.remove().open(key, range.after(given));
    } catch (HfsmException e) {
      IOException failure = brokeOff(why);
      failure.addSuppressed(e);
      throw failure;
    }
    LOG.warn(
        "{} broke off after {} bytes, going on in the other store: {}", key, given, why.toString());
  }

  /**
   * The store to go on in has to say how large the blob is. The one that broke off is asked as
   * well, but may be silent: if they differ, one of them has not all of it.
   */
  private void learnEnd() {
    if (whole != UNKNOWN) {
      return;
    }
    long size =
        next.getFirst().stat(key).orElseThrow(() -> new BlobNotFoundException(key.text())).size();
    long before = next.size() == 1 ? size : sizeOr(size, next.getLast());
    long there = Math.min(range.length(), Math.max(0, size - range.offset()));
    if (before != size || there < given) {
      throw new BlobStoreException(
          "blob "
              + key
              + ": expected the same in both stores, found "
              + before
              + " bytes, "
              + given
              + " of them given, and "
              + size
              + " in the other",
          null,
          true);
    }
    whole = there;
  }

  private long sizeOr(long other, BlobStore store) {
    try {
      return store.stat(key).map(BlobStat::size).orElse(other);
    } catch (HfsmException e) {
      LOG.debug("asking for the size of {}: {}", key, e.toString());
      return other;
    }
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

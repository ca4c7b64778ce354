package dev.hfsm.http;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A real store whose streams are counted: opened, closed, and how much was read. */
final class WatchedStore implements BlobStore {

  private final BlobStore store;
  private long opened;
  private long closed;
  private long bytes;

  WatchedStore(BlobStore store) {
    this.store = store;
  }

  synchronized long opened() {
    return opened;
  }

  synchronized long bytes() {
    return bytes;
  }

  /** Waits until this many were opened and nothing is open any more. */
  synchronized void awaitAllClosed(long atLeast) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (opened < atLeast || closed < opened) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new TimeoutException(opened + " were opened, " + closed + " were closed");
      }
      wait(left);
    }
  }

  private synchronized void count(long moreOpened, long moreClosed, long moreBytes) {
    opened += moreOpened;
    closed += moreClosed;
    bytes += moreBytes;
    notifyAll();
  }

  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    InputStream in = store.open(key, range);
    count(1, 0, 0);
    return new Watched(in);
  }

  private final class Watched extends FilterInputStream {
    private final AtomicBoolean open = new AtomicBoolean(true);

    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(0, 0, one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] block, int from, int length) throws IOException {
      int n = super.read(block, from, length);
      count(0, 0, Math.max(0, n));
      return n;
    }

    @Override
    public void close() throws IOException {
      super.close();
      if (open.getAndSet(false)) {
        count(0, 1, 0);
      }
    }
  }

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    store.put(key, expected, content);
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    return store.stat(key);
  }

  @Override
  public boolean delete(StorageKey key) {
    return store.delete(key);
  }

  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    return store.list(prefix, after, limit);
  }

  @Override
  public void close() {
    store.close();
  }
}

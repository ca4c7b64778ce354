package dev.hfsm.store;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.LocalCopies;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.PutPresigner;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.store.CopyIndex.Copy;
import dev.hfsm.store.CopyIndex.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies of what is read in a folder of this machine, up to a number of bytes; the copies
 * longest unused go first. However many ask for a blob at the same time, it is fetched once; they
 * wait until all of it is here. A blob of more than an eighth of the room is not kept, nor is what
 * a ledger says about itself ({@code hfsm/}).
 *
 * <p>A copy never differs from the blob, because a key is used once. Deleting a blob here drops its
 * copy, and no fetch that was under way brings it back. Copies on <em>other</em> nodes stay until
 * they are evicted, or until {@link LocalCopies#keepOnly}, which a started pipeline calls each
 * hour; nobody is given them meanwhile, since the rows that named them are gone. Copies survive the
 * process; the next one hashes each when it is first used, and drops what a crash has spoilt. One
 * that the disk spoils later is not noticed here.
 *
 * <p>The cache never fails a read: what it cannot keep is read from the store behind it. {@code
 * stat} and {@code list} always ask that. Thread-safe; a folder serves one process.
 */
public final class CachingBlobStore extends Decorator implements LocalCopies {

  private static final Logger LOG = LoggerFactory.getLogger(CachingBlobStore.class);
  private static final Set<Class<?>> PASSED =
      Set.of(LocalFile.class, Presigner.class, PutPresigner.class, ServerCopy.class);
  private static final int MAX_SHARE = 8;

  /** What a ledger says about itself in a store: to be read as it lies there, whoever asks. */
  private static final String NOTES = "hfsm/";

  private static final int PAGE = 500;

  private final CacheFolder folder;
  private final long maxBytes;
  private final Object lock = new Object();
  private final CopyIndex index;
  private final ConcurrentMap<StorageKey, Flight> flights = new ConcurrentHashMap<>();

  private CachingBlobStore(BlobStore store, CacheFolder folder, long maxBytes) {
    super(store);
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.index = new CopyIndex(maxBytes);
  }

  /** A copy on its way. */
  private static final class Flight {
    final CountDownLatch landed = new CountDownLatch(1);
    boolean unwanted; // guarded by the lock
  }

  /**
   * Keeps copies of what is read from {@code store}, which is closed with this one.
   *
   * @param folder created if it is not there; of this process alone
   * @param maxBytes how much room the copies may take, 1 or more
   * @throws BlobStoreException if the folder cannot be used, or another process uses it
   */
  public static CachingBlobStore open(BlobStore store, Path folder, long maxBytes) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes: expected 1 or more, found " + maxBytes);
    }
    CacheFolder taken = CacheFolder.open(folder);
    CachingBlobStore opened = new CachingBlobStore(store, taken, maxBytes);
    try {
      opened.takeOver();
    } catch (RuntimeException e) {
      opened.giveFolderBack();
      throw e;
    }
    return opened;
  }

  private void takeOver() {
    synchronized (lock) {
      folder.found().forEach(f -> index.add(f.key(), new Copy(f.length(), Trust.FOUND)));
      index.evict().forEach(this::deleteFile);
    }
  }

  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    if (key.text().startsWith(NOTES)) {
      return store.open(key, range);
    }
    InputStream copy = fromCopy(key, range);
    if (copy == null && CacheFolder.canKeep(key)) {
      bring(key);
      copy = fromCopy(key, range);
    }
    return copy == null ? store.open(key, range) : copy;
  }

  private @Nullable InputStream fromCopy(StorageKey key, ByteRange range) {
    Optional<Copy> copy = use(key).filter(c -> c.trust() == Trust.WRITTEN_HERE);
    if (copy.isEmpty()) {
      return null;
    }
    InputStream in = folder.open(key, range, copy.get().length() - CacheFolder.TRAILER);
    if (in == null) {
      synchronized (lock) {
        remove(key); // evicted since, or cleared away by hand
      }
    }
    return in;
  }

  private Optional<Copy> use(StorageKey key) {
    synchronized (lock) {
      return index.use(key);
    }
  }

  /** On return there is a copy, or there can be none just now. */
  private void bring(StorageKey key) {
    Flight mine = new Flight();
    Flight other = flights.putIfAbsent(key, mine);
    if (other != null) {
      await(other, key);
      return;
    }
    try {
      Optional<Copy> copy = use(key);
      if (copy.isPresent() && copy.get().trust() == Trust.FOUND) {
        check(key, copy.get());
      }
      if (use(key).isEmpty()) {
        fetch(key, mine);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("no copy of {} is kept: {}", key, e.toString());
    } finally {
      flights.remove(key, mine);
      mine.landed.countDown();
    }
  }

  private static void await(Flight flight, StorageKey key) {
    try {
      flight.landed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BlobStoreException("reading " + key + ": the thread was interrupted", e, true);
    }
  }

  private void check(StorageKey key, Copy copy) {
    boolean sound = folder.isSound(key);
    synchronized (lock) {
      if (sound && index.use(key).filter(copy::equals).isPresent()) {
        index.add(key, new Copy(copy.length(), Trust.WRITTEN_HERE));
      } else {
        remove(key);
      }
    }
    if (!sound) {
      LOG.info("the copy of {} was spoilt and is fetched again", key);
    }
  }

  private void fetch(StorageKey key, Flight flight) throws IOException {
    Optional<BlobStat> stat = store.stat(key);
    long size = stat.map(BlobStat::size).orElse(0L);
    if (stat.isEmpty() || size > maxBytes / MAX_SHARE || !reserve(size + CacheFolder.TRAILER)) {
      return;
    }
    long length = size + CacheFolder.TRAILER;
    Path written = null;
    try {
      try (InputStream in = store.open(key, ByteRange.ALL)) {
        written = folder.write(key, in, size);
      } finally {
        synchronized (lock) {
          index.unreserve(length);
          if (written != null && !flight.unwanted) {
            folder.keep(written, key);
            index.add(key, new Copy(length, Trust.WRITTEN_HERE));
            written = null;
          }
        }
      }
    } finally {
      if (written != null) {
        Files.deleteIfExists(written); // nobody counts it
      }
    }
  }

  private boolean reserve(long length) {
    synchronized (lock) {
      Optional<List<StorageKey>> evicted = index.reserve(length);
      evicted.ifPresent(keys -> keys.forEach(this::deleteFile));
      return evicted.isPresent();
    }
  }

  /** {@inheritDoc} Drops the copy even if the store behind fails. */
  @Override
  public boolean delete(StorageKey key) {
    try {
      return store.delete(key);
    } finally {
      drop(key);
    }
  }

  /** Drops a copy, and sees to it that one on its way is not kept. */
  private void drop(StorageKey key) {
    synchronized (lock) {
      Flight flight = flights.get(key);
      if (flight != null) {
        flight.unwanted = true;
      }
      remove(key);
    }
  }

  private void remove(StorageKey key) {
    if (index.remove(key)) {
      deleteFile(key);
    }
  }

  private void deleteFile(StorageKey key) {
    try {
      folder.delete(key);
    } catch (IOException e) {
      LOG.warn("could not delete the copy of {}: {}", key, e.toString());
    }
  }

  /** How many bytes the copies take. */
  public long bytes() {
    synchronized (lock) {
      return index.bytes();
    }
  }

  @Override
  public BlobStore origin() {
    return store;
  }

  @Override
  public long keepOnly(Function<Collection<StorageKey>, Set<StorageKey>> named) {
    List<StorageKey> keys;
    synchronized (lock) {
      keys = index.keys();
    }
    long dropped = 0;
    for (int i = 0; i < keys.size(); i += PAGE) {
      List<StorageKey> page = keys.subList(i, Math.min(keys.size(), i + PAGE));
      Set<StorageKey> kept = named.apply(page);
      for (StorageKey key : page) {
        if (!kept.contains(key)) {
          drop(key);
          dropped++;
        }
      }
    }
    return dropped;
  }

  /** Offers {@link LocalCopies} of its own; what goes past copies is passed on. */
  @Override
  public <C> Optional<C> capability(Class<C> type) {
    if (type == LocalCopies.class) {
      return Optional.of(type.cast(this));
    }
    if (type == BatchDelete.class) {
      return store.capability(BatchDelete.class).map(this::dropping).map(type::cast);
    }
    return PASSED.contains(type) ? store.capability(type) : Optional.empty();
  }

  private BatchDelete dropping(BatchDelete batch) {
    return keys -> {
      try {
        return batch.deleteAll(keys);
      } finally {
        keys.forEach(this::drop);
      }
    };
  }

  /** Closes the store behind it, too; copies stay for the next process. */
  @Override
  public void close() {
    giveFolderBack();
    store.close();
  }

  private void giveFolderBack() {
    try {
      folder.close();
    } catch (IOException e) {
      LOG.warn("could not give the cache folder back: {}", e.toString());
    }
  }
}

package dev.hfsm.store;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BatchDelete.Undeleted;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.LocalCopies;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two stores read as one: what the first cannot give, the second is asked for. */
abstract class TwoStores implements BlobStore {

  private static final Logger LOG = LoggerFactory.getLogger(TwoStores.class);

  final BlobStore first;
  final BlobStore second;

  TwoStores(BlobStore first, BlobStore second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    Optional<BlobStat> found;
    try {
      found = first.stat(key);
    } catch (BlobStoreException e) {
      LOG.warn("asking the second store for {}: {}", key, e.toString());
      return Optional.of(second.stat(key).orElseThrow(() -> e));
    }
    return found.isPresent() ? found : second.stat(key);
  }

  /**
   * {@inheritDoc} The second store is asked when the first has none, cannot be reached, or says at
   * once that what it has is damaged. A stream that breaks off later goes on in the other store
   * where it broke, once in each direction at most; if that does not help, or if they have not the
   * same size, it throws an {@link java.io.IOException} whose cause is a retryable {@link
   * BlobStoreException}. A stream that finds damage fails: what it has given already may be wrong.
   */
  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    try {
      return goingOn(key, range, first.open(key, range), second, first);
    } catch (BlobNotFoundException e) {
      return goingOn(key, range, second.open(key, range), first, second);
    } catch (BlobStoreException | IntegrityException e) {
      LOG.warn("reading {} from the second store: {}", key, e.toString());
      return goingOn(key, range, openSecond(key, range, e), first, second);
    }
  }

  private static InputStream goingOn(
      StorageKey key, ByteRange range, InputStream begun, BlobStore next, BlobStore then) {
    return new FallbackStream(key, range, begun, List.of(next, then));
  }

  /** That the second has none does not say that there is none. */
  private InputStream openSecond(StorageKey key, ByteRange range, RuntimeException first) {
    try {
      return second.open(key, range);
    } catch (BlobNotFoundException e) {
      throw first;
    }
  }

  /** {@inheritDoc} Both are asked, whatever the other says. */
  @Override
  public boolean delete(StorageKey key) {
    boolean there = false;
    RuntimeException failed = null;
    for (BlobStore store : List.of(first, second)) {
      try {
        there |= store.delete(key);
      } catch (RuntimeException e) {
        failed = join(failed, e);
      }
    }
    if (failed != null) {
      throw failed;
    }
    return there;
  }

  static RuntimeException join(@Nullable RuntimeException first, RuntimeException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }

  /** {@inheritDoc} What lies in either is listed; neither may fail. */
  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    Part a = Part.of(first, prefix, after, limit);
    Part b = Part.of(second, prefix, after, limit);
    TreeSet<StorageKey> merged = new TreeSet<>(a.keys);
    merged.addAll(b.keys);
    List<StorageKey> page = merged.stream().filter(a::knows).filter(b::knows).limit(limit).toList();
    boolean all = a.end == null && b.end == null && page.size() == merged.size();
    return new Page<>(page, all ? null : new Cursor(page.get(page.size() - 1).text()));
  }

  /**
   * The next keys of one store.
   *
   * @param end the last key it said anything about; null if that was the very last
   */
  private record Part(List<StorageKey> keys, @Nullable StorageKey end) {

    static Part of(BlobStore store, String prefix, Cursor after, int limit) {
      Page<StorageKey> page = store.list(prefix, after, limit);
      while (page.items().isEmpty() && page.next() != null) {
        page = store.list(prefix, page.next(), limit);
      }
      List<StorageKey> keys = page.items();
      return new Part(keys, page.next() == null ? null : keys.get(keys.size() - 1));
    }

    boolean knows(StorageKey key) {
      return end == null || key.compareTo(end) <= 0;
    }
  }

  /**
   * Local files and deletions of many if both offer them, and the copies that either keeps.
   *
   * @param again puts two other stores together as these are
   */
  final <C> Optional<C> capability(Class<C> type, BinaryOperator<BlobStore> again) {
    if (type == LocalFile.class) {
      Optional<LocalFile> a = first.capability(LocalFile.class);
      Optional<LocalFile> b = second.capability(LocalFile.class);
      return a.flatMap(x -> b.map(y -> type.cast(either(x, y))));
    }
    if (type == BatchDelete.class) {
      Optional<BatchDelete> a = first.capability(BatchDelete.class);
      Optional<BatchDelete> b = second.capability(BatchDelete.class);
      return a.flatMap(x -> b.map(y -> type.cast(both(x, y))));
    }
    if (type == LocalCopies.class) {
      Optional<LocalCopies> a = first.capability(LocalCopies.class);
      Optional<LocalCopies> b = second.capability(LocalCopies.class);
      return a.isEmpty() && b.isEmpty()
          ? Optional.empty()
          : Optional.of(type.cast(new Copies(a, b, this, again)));
    }
    return Optional.empty();
  }

  private static LocalFile either(LocalFile first, LocalFile second) {
    return key -> first.path(key).or(() -> second.path(key));
  }

  private static BatchDelete both(BatchDelete first, BatchDelete second) {
    return keys -> {
      Map<StorageKey, Undeleted> left = new TreeMap<>();
      RuntimeException failed = null;
      for (BatchDelete batch : List.of(first, second)) {
        try {
          batch.deleteAll(keys).forEach(undeleted -> left.put(undeleted.key(), undeleted));
        } catch (RuntimeException e) {
          failed = join(failed, e);
        }
      }
      if (failed != null) {
        throw failed;
      }
      return List.copyOf(left.values());
    };
  }

  private record Copies(
      Optional<LocalCopies> a,
      Optional<LocalCopies> b,
      TwoStores of,
      BinaryOperator<BlobStore> again)
      implements LocalCopies {

    @Override
    public BlobStore origin() {
      return again.apply(
          a.map(LocalCopies::origin).orElse(of.first),
          b.map(LocalCopies::origin).orElse(of.second));
    }

    @Override
    public long keepOnly(Function<Collection<StorageKey>, Set<StorageKey>> named) {
      return a.map(copies -> copies.keepOnly(named)).orElse(0L)
          + b.map(copies -> copies.keepOnly(named)).orElse(0L);
    }
  }

  /** Closes both. */
  @Override
  public void close() {
    try {
      first.close();
    } finally {
      second.close();
    }
  }
}

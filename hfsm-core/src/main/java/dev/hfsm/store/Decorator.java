package dev.hfsm.store;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.LocalCopies;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A store in front of another: passes everything on but capabilities. */
abstract class Decorator implements BlobStore {

  final BlobStore store;

  Decorator(BlobStore store) {
    this.store = store;
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
  public InputStream open(StorageKey key, ByteRange range) {
    return store.open(key, range);
  }

  @Override
  public boolean delete(StorageKey key) {
    return store.delete(key);
  }

  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    return store.list(prefix, after, limit);
  }

  /** Closes the store behind it, too. */
  @Override
  public void close() {
    store.close();
  }

  /**
   * The copies that some store further behind keeps.
   *
   * @param again puts this decorator in front of another store
   */
  final <C> Optional<C> copiesBehind(Class<C> type, UnaryOperator<BlobStore> again) {
    return type == LocalCopies.class
        ? store.capability(LocalCopies.class).map(c -> type.cast(new Behind(c, again)))
        : Optional.empty();
  }

  private record Behind(LocalCopies copies, UnaryOperator<BlobStore> again) implements LocalCopies {
    @Override
    public BlobStore origin() {
      return again.apply(copies.origin());
    }

    @Override
    public long keepOnly(Function<Collection<StorageKey>, Set<StorageKey>> named) {
      return copies.keepOnly(named);
    }
  }
}

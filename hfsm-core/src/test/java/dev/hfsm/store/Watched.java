package dev.hfsm.store;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BatchDelete.Undeleted;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real store whose calls are noted, and before each of which a test may step in. */
final class Watched extends Decorator {

  /** Steps in before a call, by throwing or by waiting. */
  interface Step {
    void before(String call, StorageKey key);
  }

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile Step step = (call, key) -> {};
  private volatile boolean closed;

  Watched(BlobStore store) {
    super(store);
  }

  /** From now on {@code next} is asked before every call. */
  void before(Step next) {
    step = next;
  }

  /** From now on calls of that name throw. */
  void failing(String name, RuntimeException failure) {
    before(
        (call, key) -> {
          if (call.equals(name)) {
            throw failure;
          }
        });
  }

  void sound() {
    before((call, key) -> {});
  }

  long count(String name) {
    return calls.stream().filter(name::equals).count();
  }

  boolean isClosed() {
    return closed;
  }

  private void call(String name, StorageKey key) {
    calls.add(name);
    step.before(name, key);
  }

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    call("put", key);
    super.put(key, expected, content);
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    call("stat", key);
    return super.stat(key);
  }

  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    call("open", key);
    return super.open(key, range);
  }

  @Override
  public boolean delete(StorageKey key) {
    call("delete", key);
    return super.delete(key);
  }

  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    call("list", new StorageKey("list"));
    return super.list(prefix, after, limit);
  }

  @Override
  public <C> Optional<C> capability(Class<C> type) {
    BatchDelete batch = this::deleteAll;
    return type == BatchDelete.class ? Optional.of(type.cast(batch)) : store.capability(type);
  }

  private List<Undeleted> deleteAll(Collection<StorageKey> keys) {
    List<Undeleted> left = new ArrayList<>();
    for (StorageKey key : keys) {
      call("deleteAll", key);
      try {
        delete(key);
      } catch (BlobStoreException e) {
        left.add(new Undeleted(key, String.valueOf(e.getMessage())));
      }
    }
    return left;
  }

  @Override
  public void close() {
    closed = true;
    super.close();
  }
}

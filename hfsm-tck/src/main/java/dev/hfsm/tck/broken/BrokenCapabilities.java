package dev.hfsm.tck.broken;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.StorageKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Stores that do less than they offer. */
final class BrokenCapabilities {

  private BrokenCapabilities() {}

  static Map<String, Supplier<BlobStore>> all() {
    Map<String, Supplier<BlobStore>> all = new LinkedHashMap<>();
    all.put("a copy moves", () -> new Copying(BrokenCapabilities::move));
    all.put("a copy is not verified", () -> new Copying(BrokenCapabilities::unverified));
    all.put("a copy of the wrong bytes stays", () -> new Copying(BrokenCapabilities::tooLate));
    all.put("a copy of nothing is empty", () -> new Copying(BrokenCapabilities::emptyIfAbsent));
    all.put(
        "a batch deletes its first key only",
        () -> new Deleting((store, keys) -> keys.stream().limit(1)));
    all.put(
        "a batch stops at a key that is not there",
        () -> new Deleting((store, keys) -> keys.stream().takeWhile(k -> exists(store, k))));
    all.put(
        "a batch deletes all that start alike",
        () ->
            new Deleting(
                (store, keys) -> keys.stream().flatMap(k -> store.keys(k.text()).stream())));
    all.put("a batch calls it a failure that there was nothing", CallsAbsenceAFailure::new);
    return all;
  }

  private static boolean exists(BrokenBlobStore store, StorageKey key) {
    return store.stat(key).isPresent();
  }

  private static void requireSound(BrokenBlobStore store, StorageKey from, BlobRef expected) {
    if (store.stat(from).isEmpty()) {
      throw new BlobNotFoundException(from.text());
    }
    byte[] bytes = store.read(from);
    if (!new BlobRef(Digest.ofContent(bytes), bytes.length).equals(expected)) {
      throw new IntegrityException("other bytes");
    }
  }

  private static void move(
      BrokenBlobStore store, StorageKey from, StorageKey to, BlobRef expected) {
    requireSound(store, from, expected);
    store.force(to, store.read(from));
    store.delete(from);
  }

  private static void unverified(
      BrokenBlobStore store, StorageKey from, StorageKey to, BlobRef expected) {
    if (store.stat(from).isEmpty()) {
      throw new BlobNotFoundException(from.text());
    }
    store.force(to, store.read(from));
  }

  private static void tooLate(
      BrokenBlobStore store, StorageKey from, StorageKey to, BlobRef expected) {
    unverified(store, from, to, expected);
    requireSound(store, from, expected);
  }

  private static void emptyIfAbsent(
      BrokenBlobStore store, StorageKey from, StorageKey to, BlobRef expected) {
    if (store.stat(from).isEmpty()) {
      store.force(to, new byte[0]);
      return;
    }
    requireSound(store, from, expected);
    store.force(to, store.read(from));
  }

  private interface Copy {
    void copy(BrokenBlobStore store, StorageKey from, StorageKey to, BlobRef expected);
  }

  private static final class Copying extends BrokenBlobStore {
    private final Copy how;

    Copying(Copy how) {
      this.how = how;
    }

    @Override
    public <C> Optional<C> capability(Class<C> type) {
      ServerCopy copy = (from, to, expected) -> how.copy(this, from, to, expected);
      return type == ServerCopy.class ? Optional.of(type.cast(copy)) : Optional.empty();
    }
  }

  private interface Choice {
    Stream<StorageKey> of(BrokenBlobStore store, Collection<StorageKey> keys);
  }

  private static final class Deleting extends BrokenBlobStore {
    private final Choice choice;

    Deleting(Choice choice) {
      this.choice = choice;
    }

    @Override
    public <C> Optional<C> capability(Class<C> type) {
      BatchDelete batch =
          keys -> {
            choice.of(this, keys).toList().forEach(this::delete);
            return List.of();
          };
      return type == BatchDelete.class ? Optional.of(type.cast(batch)) : Optional.empty();
    }
  }

  private static final class CallsAbsenceAFailure extends BrokenBlobStore {
    @Override
    public <C> Optional<C> capability(Class<C> type) {
      BatchDelete batch =
          keys ->
              keys.stream()
                  .filter(key -> !delete(key))
                  .map(key -> new BatchDelete.Undeleted(key, "there is none"))
                  .toList();
      return type == BatchDelete.class ? Optional.of(type.cast(batch)) : Optional.empty();
    }
  }
}

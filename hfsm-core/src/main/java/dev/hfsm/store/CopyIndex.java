package dev.hfsm.store;

import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which copies there are, in order of their last use, and how much room they take together with
 * those on their way. Not thread-safe.
 */
final class CopyIndex {

  /**
   * A copy.
   *
   * @param length of its file
   * @param trust whether it was compared with what it must be
   */
  record Copy(long length, Trust trust) {}

  /** Whether a copy is known to be what it must be. */
  enum Trust {
    WRITTEN_HERE,
    FOUND
  }

  private final Map<StorageKey, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
  private final long maxBytes;
  private long bytes;
  private long reserved;

  CopyIndex(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  Optional<Copy> use(StorageKey key) {
    return Optional.ofNullable(copies.get(key));
  }

  void add(StorageKey key, Copy copy) {
    remove(key);
    copies.put(key, copy);
    bytes += copy.length();
  }

  boolean remove(StorageKey key) {
    Copy old = copies.remove(key);
    bytes -= old == null ? 0 : old.length();
    return old != null;
  }

  /**
   * Keeps room for {@code length} bytes, if what others keep room for leaves so much.
   *
   * @return the copies that have to go for it, which are forgotten; empty if there is no room
   */
  Optional<List<StorageKey>> reserve(long length) {
    if (reserved + length > maxBytes) {
      return Optional.empty();
    }
    reserved += length;
    return Optional.of(evict());
  }

  void unreserve(long length) {
    reserved -= length;
  }

  /** The copies that are too much, the longest unused first; they are forgotten. */
  List<StorageKey> evict() {
    List<StorageKey> evicted = new ArrayList<>();
    while (bytes + reserved > maxBytes) {
      StorageKey oldest = copies.keySet().iterator().next();
      remove(oldest);
      evicted.add(oldest);
    }
    return evicted;
  }

  List<StorageKey> keys() {
    return List.copyOf(copies.keySet());
  }

  long bytes() {
    return bytes;
  }
}

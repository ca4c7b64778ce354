package dev.hfsm.storage;

import java.util.Collection;
import java.util.List;

/** Capability of a store that deletes many blobs for the price of a few. Thread-safe. */
public interface BatchDelete {

  /**
   * Removes the blobs under these keys. Idempotent, and independent: one that cannot be deleted
   * keeps no other from it.
   *
   * @param keys any number
   * @return those that could not be deleted, each with the reason; empty if all are gone
   */
  List<Undeleted> deleteAll(Collection<StorageKey> keys);

  /**
   * A blob that could not be deleted.
   *
   * @param key where it lies, if there is one
   * @param reason what the store said
   */
  record Undeleted(StorageKey key, String reason) {}
}

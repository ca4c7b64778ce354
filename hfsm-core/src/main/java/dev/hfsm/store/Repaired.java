package dev.hfsm.store;

import dev.hfsm.storage.StorageKey;
import java.util.List;

/**
 * What a repair of a mirror found and did.
 *
 * @param checked how many blobs were read in both stores
 * @param copied those that were missing or damaged in one store and are sound in both now
 * @param lost those that are sound in neither
 * @param failed those that could not be read or written, about which nothing is known; repair again
 */
public record Repaired(
    long checked, List<StorageKey> copied, List<StorageKey> lost, List<StorageKey> failed) {

  /** Copies the lists. */
  public Repaired {
    copied = List.copyOf(copied);
    lost = List.copyOf(lost);
    failed = List.copyOf(failed);
  }
}

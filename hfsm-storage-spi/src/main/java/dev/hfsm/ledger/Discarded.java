package dev.hfsm.ledger;

import dev.hfsm.storage.StorageKey;
import org.jspecify.annotations.Nullable;

/**
 * A piece of garbage: a blob that nobody may name any more and that is still to be deleted.
 *
 * @param key where it lies
 * @param size how many bytes it takes, as the row said that named it; null if the ledger does not
 *     know, since it became garbage before sizes were noted
 */
public record Discarded(StorageKey key, @Nullable Long size) {

  /** Checks the size. */
  public Discarded {
    if (size != null && size < 0) {
      throw new IllegalArgumentException("size of garbage: expected 0 or more, found " + size);
    }
  }
}

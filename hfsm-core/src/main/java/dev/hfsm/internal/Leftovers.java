package dev.hfsm.internal;

import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes objects that lost a race and that no row names; what it misses, the sweep finds. */
public final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final BlobStore blobs;

  /** Deletes from {@code blobs}. */
  public Leftovers(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** Deletes one object, and says whether it is gone. Never throws, whatever the store does. */
  public boolean discard(StorageKey key) {
    try {
      blobs.delete(key);
      return true;
    } catch (RuntimeException e) {
      LOG.warn("could not delete the leftover {}: {}", key, e.toString());
      return false;
    }
  }

  /** Strikes a deleted object off the garbage. Never throws; what stays is deleted once more. */
  public void forget(CollectorLedger garbage, StorageKey deleted) {
    try {
      garbage.forget(List.of(deleted));
    } catch (RuntimeException e) {
      LOG.warn("could not forget the garbage {}: {}", deleted, e.toString());
    }
  }
}

package dev.hfsm.internal;

import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
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

  /** Deletes one object. Never throws. */
  public void discard(StorageKey key) {
    try {
      blobs.delete(key);
    } catch (RuntimeException e) {
      LOG.warn("could not delete the leftover {}: {}", key, e.toString());
    }
  }
}

package dev.hfsm.store;

import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.util.Optional;

/**
 * One store that is written and another that is read as well: for the time in which blobs move from
 * one to the other. Puts go to the first alone; a read asks the second when the first has none or
 * cannot be reached; a deletion is done in both or throws; a listing shows what lies in either.
 * Thread-safe if both are.
 */
public final class DualReadBlobStore extends TwoStores {

  private DualReadBlobStore(BlobStore written, BlobStore alsoRead) {
    super(written, alsoRead);
  }

  /**
   * Writes one store and reads both; both are closed with this one.
   *
   * @param written where new blobs go, and what is asked first
   * @param alsoRead what may still hold, or already hold, the others
   */
  public static DualReadBlobStore of(BlobStore written, BlobStore alsoRead) {
    return new DualReadBlobStore(written, alsoRead);
  }

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    first.put(key, expected, content);
  }

  @Override
  public <C> Optional<C> capability(Class<C> type) {
    return capability(type, DualReadBlobStore::of);
  }
}

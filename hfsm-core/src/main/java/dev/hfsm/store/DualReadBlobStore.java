package dev.hfsm.store;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.PutPresigner;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.Optional;

/**
 * One store that is written and another that is read as well: for the time in which blobs move from
 * one to the other. Puts go to the first alone; a read asks the second when the first has none or
 * cannot be reached; a deletion is done in both or throws; a listing shows what lies in either.
 * Thread-safe if both are.
 *
 * <p>Others may be given addresses to put to, if the first store signs them; not to get from,
 * because a blob may lie in either.
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
    if (type == PutPresigner.class) {
      return PutPresigner.of(first).map(type::cast);
    }
    if (type == ServerCopy.class) {
      return first.capability(ServerCopy.class).map(this::copying).map(type::cast);
    }
    return capability(type, DualReadBlobStore::of);
  }

  /** What the first store has it copies by itself; what only the second has goes through here. */
  private ServerCopy copying(ServerCopy copy) {
    return (from, to, expected) -> {
      try {
        copy.copy(from, to, expected);
      } catch (BlobNotFoundException e) {
        long size = second.stat(from).orElseThrow(() -> e).size();
        first.put(to, expected, new Stored(second, from, size));
      }
    };
  }

  private record Stored(BlobStore store, StorageKey key, long size) implements ByteSource {
    @Override
    public InputStream open() {
      return store.open(key, ByteRange.ALL);
    }
  }
}

package dev.hfsm.store;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Kept;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps every blob in two stores. A put or a deletion is done in both or throws; a read asks the
 * second store when the first has none or cannot be reached, and goes on in the other where it
 * breaks off. Thread-safe if both are.
 *
 * <p>Nothing is repaired by itself: that a blob lies in one store alone may as well be what an
 * upload left that never was acknowledged, or what could not be deleted yet. Only the ledger knows,
 * so {@link #repair} is told what it names. Damage that shows while a blob is read ends that read.
 * A {@link VerifyingBlobStore} in front of the mirror finds it, also where both stores gave a part;
 * only a scrub of each store, or a repair, looks for it.
 */
public final class MirroredBlobStore extends TwoStores {

  private MirroredBlobStore(BlobStore first, BlobStore second) {
    super(first, second);
  }

  /**
   * Keeps blobs in both stores, which are closed with this one.
   *
   * @param first the one that is read, so the nearer of the two
   */
  public static MirroredBlobStore of(BlobStore first, BlobStore second) {
    return new MirroredBlobStore(first, second);
  }

  /**
   * {@inheritDoc} A content's file can be moved once, so the first store gets a copy of it.
   *
   * @throws BlobStoreException also if one store took the blob and the other did not; what was
   *     taken is deleted again, and if that fails too, the exception says that the outcome is
   *     unknown
   */
  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    first.put(key, expected, new Unmovable(content));
    try {
      second.put(key, expected, content);
    } catch (RuntimeException e) {
      throw takenBack(key, e);
    }
  }

  private RuntimeException takenBack(StorageKey key, RuntimeException failed) {
    try {
      first.delete(key);
      return failed;
    } catch (RuntimeException e) {
      failed.addSuppressed(e);
      return new BlobStoreException(
          "storing "
              + key
              + " in both stores: the second refused it, and it could not be deleted from the first",
          failed,
          true);
    }
  }

  private record Unmovable(ByteSource content) implements ByteSource {
    @Override
    public long size() {
      return content.size();
    }

    @Override
    public InputStream open() throws IOException {
      return content.open();
    }
  }

  /**
   * Reads blobs in both stores and, where one is missing or damaged in one of them and sound in the
   * other, copies it there. Runs on the calling thread. Reads through no local copies.
   *
   * @param named what the ledger says must be there, as a page of {@link CustodyLedger#inventory}
   *     is; what it does not say is left alone, because it may be about to be deleted
   * @param still which of some keys the ledger names now, as {@link CollectorLedger#named} says;
   *     asked again after each copy, so that nothing stays that was deleted meanwhile
   */
  public Repaired repair(
      Collection<Kept> named, Function<Collection<StorageKey>, Set<StorageKey>> still) {
    return new Repair(first, second, still).run(named);
  }

  @Override
  public <C> Optional<C> capability(Class<C> type) {
    return capability(type, MirroredBlobStore::of);
  }
}

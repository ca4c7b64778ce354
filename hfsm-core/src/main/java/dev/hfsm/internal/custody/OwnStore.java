package dev.hfsm.internal.custody;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.LocalCopies;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.Presentation;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.PutPresigner;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A store that takes nothing before it is sure that it belongs to this ledger. Thread-safe. */
public final class OwnStore implements BlobStore {

  private static final Set<Class<?>> PASSED =
      Set.of(LocalFile.class, LocalCopies.class, BatchDelete.class);

  private final BlobStore blobs;
  private final StoreIdentity identity;

  /** Puts into {@code blobs} what {@code identity} lets through; everything else passes. */
  public OwnStore(BlobStore blobs, StoreIdentity identity) {
    this.blobs = blobs;
    this.identity = identity;
  }

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    identity.require();
    blobs.put(key, expected, content);
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    return blobs.stat(key);
  }

  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    return blobs.open(key, range);
  }

  @Override
  public boolean delete(StorageKey key) {
    return blobs.delete(key);
  }

  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    return blobs.list(prefix, after, limit);
  }

  /** What brings bytes in is kept from a stranger's store; reading and deleting are unchanged. */
  @Override
  public <C> Optional<C> capability(Class<C> type) {
    if (type == ServerCopy.class) {
      return blobs.capability(ServerCopy.class).map(this::own).map(type::cast);
    }
    if (type == Presigner.class) {
      return blobs.capability(Presigner.class).map(this::own).map(type::cast);
    }
    if (type == PutPresigner.class) {
      return PutPresigner.of(blobs).map(this::puts).map(type::cast);
    }
    return PASSED.contains(type) ? blobs.capability(type) : Optional.empty();
  }

  private ServerCopy own(ServerCopy copy) {
    return (from, to, expected) -> {
      identity.require();
      copy.copy(from, to, expected);
    };
  }

  private PutPresigner puts(PutPresigner presigner) {
    return (key, expected, validFor) -> {
      identity.require();
      return presigner.put(key, expected, validFor);
    };
  }

  private Presigner own(Presigner presigner) {
    return new Presigner() {
      @Override
      public URI get(StorageKey key, Duration validFor, Presentation presentation) {
        return presigner.get(key, validFor, presentation);
      }

      @Override
      public PresignedPut put(StorageKey key, BlobRef expected, Duration validFor) {
        identity.require();
        return presigner.put(key, expected, validFor);
      }
    };
  }

  @Override
  public void close() {
    blobs.close();
  }
}

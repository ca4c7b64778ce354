package dev.hfsm.internal.custody;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.Optional;

/** A store that takes nothing before it is sure that it belongs to this ledger. Thread-safe. */
public final class OwnStore implements BlobStore {

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

  /** Reading is unchanged, so what the store offers for it survives. */
  @Override
  public <C> Optional<C> capability(Class<C> type) {
    return blobs.capability(type);
  }

  @Override
  public void close() {
    blobs.close();
  }
}

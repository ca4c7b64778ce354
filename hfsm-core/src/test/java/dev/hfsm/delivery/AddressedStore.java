package dev.hfsm.delivery;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Presentation;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A store with an address for each blob, which is that of its key. */
public record AddressedStore(BlobStore store) implements BlobStore, Presigner {

  private static final String HOST = "https://store.example.com/";

  /** The key whose address that is. */
  public static StorageKey key(String address) {
    return new StorageKey(address.substring(HOST.length()));
  }

  @Override
  public URI get(StorageKey key, Duration validFor, Presentation presentation) {
    return URI.create(HOST + key);
  }

  @Override
  public PresignedPut put(StorageKey key, BlobRef expected, Duration validFor) {
    return new PresignedPut(URI.create(HOST + key), Map.of(), Instant.MAX);
  }

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    store.put(key, expected, content);
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    return store.stat(key);
  }

  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    return store.open(key, range);
  }

  @Override
  public boolean delete(StorageKey key) {
    return store.delete(key);
  }

  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    return store.list(prefix, after, limit);
  }

  @Override
  public <C> Optional<C> capability(Class<C> type) {
    return type == Presigner.class ? Optional.of(type.cast(this)) : store.capability(type);
  }

  @Override
  public void close() {
    store.close();
  }
}

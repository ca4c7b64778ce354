package dev.hfsm.store;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.SplittableRandom;

/** Bytes, keys, and what one does with them. */
final class Blobs {

  static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  private Blobs() {}

  /** The same bytes for the same size. */
  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    return bytes;
  }

  static BlobRef ref(byte[] bytes) {
    return new BlobRef(Digest.ofContent(bytes), bytes.length);
  }

  /** The key of an original: it names the digest. */
  static StorageKey raw(byte[] bytes) {
    return StorageKey.raw(AssetId.of(Digest.ofContent(bytes)), new Stamp(NOW, bytes.length));
  }

  static void put(BlobStore store, StorageKey key, byte[] bytes) {
    store.put(key, ref(bytes), ByteSource.of(bytes));
  }

  /** Puts under the key of an original. */
  static StorageKey put(BlobStore store, byte[] bytes) {
    StorageKey key = raw(bytes);
    put(store, key, bytes);
    return key;
  }

  static byte[] read(BlobStore store, StorageKey key) throws IOException {
    return read(store, key, ByteRange.ALL);
  }

  static byte[] read(BlobStore store, StorageKey key, ByteRange range) throws IOException {
    try (InputStream in = store.open(key, range)) {
      return in.readAllBytes();
    }
  }

  /** Lets other bytes lie under a key, as a rotten disk does. */
  static void replace(BlobStore store, StorageKey key, byte[] bytes) {
    store.delete(key);
    put(store, key, bytes);
  }

  static byte[] flipped(byte[] bytes, int at) {
    byte[] other = bytes.clone();
    other[at] ^= 1;
    return other;
  }
}

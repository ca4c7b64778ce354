package dev.hfsm.internal;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.Optional;

/** Brings bytes that lie in a store to another key of it. Thread-safe. */
public final class Copies {

  private final BlobStore blobs;

  /** Copies inside {@code blobs}. */
  public Copies(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * Stores the blob of one key under another, fresh one, verified; by the store itself where it
   * can.
   *
   * @throws BlobNotFoundException if there is no blob under {@code from}
   * @throws IntegrityException if it is not the expected one; nothing is stored
   */
  public void copy(StorageKey from, StorageKey to, BlobRef expected) {
    Optional<ServerCopy> server = blobs.capability(ServerCopy.class);
    if (server.isPresent()) {
      server.get().copy(from, to, expected);
      return;
    }
    long size = blobs.stat(from).orElseThrow(() -> new BlobNotFoundException(from.text())).size();
    blobs.put(to, expected, new Stored(blobs, from, size));
  }

  private record Stored(BlobStore blobs, StorageKey key, long size) implements ByteSource {
    @Override
    public InputStream open() {
      return blobs.open(key, ByteRange.ALL);
    }
  }
}

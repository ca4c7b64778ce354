package dev.hfsm.memory;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.internal.VerifiedContent;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Keeps blobs on the heap, for tests and trials. Thread-safe. "Durable" means here: as long as this
 * object. Files are copied, never taken over. Closing changes nothing, so what was stored can still
 * be looked at.
 */
public final class InMemoryBlobStore implements BlobStore {

  /** Some virtual machines cannot make arrays of the last few sizes. */
  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  /** By the text of the key, because a prefix or a cursor need not be a key. */
  private final ConcurrentNavigableMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();

  /** An empty store. */
  public InMemoryBlobStore() {}

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    if (expected.size() > MAX_SIZE) {
      throw new BlobStoreException(
          "in-memory store: expected at most "
              + MAX_SIZE
              + " bytes per blob, found "
              + expected.size()
              + " for "
              + key,
          null,
          false);
    }
    byte[] bytes = new byte[(int) expected.size()];
    int[] filled = {0};
    try {
      VerifiedContent.copy(
          expected,
          content,
          (block, length) -> {
            System.arraycopy(block, 0, bytes, filled[0], length);
            filled[0] += length;
          });
    } catch (IOException e) {
      throw new UncheckedIOException("copying between arrays cannot fail", e);
    }
    blobs.put(key.text(), bytes);
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    return Optional.ofNullable(blobs.get(key.text())).map(bytes -> new BlobStat(bytes.length));
  }

  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    byte[] bytes = blobs.get(key.text());
    if (bytes == null) {
      throw new BlobNotFoundException(key.text());
    }
    int length = (int) range.lengthIn(bytes.length);
    int offset = (int) Math.min(range.offset(), bytes.length);
    return new ByteArrayInputStream(bytes, offset, length);
  }

  @Override
  public boolean delete(StorageKey key) {
    return blobs.remove(key.text()) != null;
  }

  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: expected 1 or more, found " + limit);
    }
    String start = after.after().compareTo(prefix) > 0 ? after.after() : prefix;
    List<StorageKey> keys = new ArrayList<>();
    for (String text : blobs.tailMap(start, true).keySet()) {
      if (!text.startsWith(prefix)) {
        break;
      }
      if (!text.equals(after.after())) {
        keys.add(new StorageKey(text));
      }
      if (keys.size() == limit) {
        return new Page<>(keys, new Cursor(text));
      }
    }
    return new Page<>(keys, null);
  }

  @Override
  public void close() {}
}

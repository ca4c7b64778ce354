package dev.hfsm.tck.broken;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
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
import java.util.List;
import java.util.Optional;

/** A sound store to be broken in one place by a subclass. */
class BrokenBlobStore implements BlobStore {

  final BlobStore sound = new InMemoryBlobStore();

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    sound.put(key, expected, content);
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    return sound.stat(key);
  }

  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    return sound.open(key, range);
  }

  @Override
  public boolean delete(StorageKey key) {
    return sound.delete(key);
  }

  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    return sound.list(prefix, after, limit);
  }

  @Override
  public void close() {
    sound.close();
  }

  /** Stores without asking what is expected. */
  final void force(StorageKey key, byte[] bytes) {
    sound.put(key, new BlobRef(Digest.ofContent(bytes), bytes.length), ByteSource.of(bytes));
  }

  final byte[] read(StorageKey key) {
    try (InputStream in = sound.open(key, ByteRange.ALL)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keys that start with {@code prefix}, in order. */
  final List<StorageKey> keys(String prefix) {
    return sound.list(prefix, Cursor.START, Integer.MAX_VALUE).items();
  }

  static byte[] readAll(ByteSource content) {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IntegrityException("the source cannot be read", e);
    }
  }

  static InputStream stream(byte[] bytes, long from, long to) {
    int start = (int) Math.min(Math.max(0, from), bytes.length);
    int end = (int) Math.max(start, Math.min(to, bytes.length));
    return new ByteArrayInputStream(bytes, start, end - start);
  }

  static long endOf(ByteRange range) {
    return range.length() > Long.MAX_VALUE - range.offset()
        ? Long.MAX_VALUE
        : range.offset() + range.length();
  }
}

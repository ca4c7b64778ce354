package dev.hfsm.storage;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import java.io.InputStream;
import java.util.Optional;

/**
 * Keeps immutable blobs under keys. Implementations are thread-safe, and are proven by the contract
 * suite in {@code hfsm-tck}.
 *
 * <p>Not promised: what a put to a key that was used before does (keys are used once), any order
 * between calls on different keys, that a listing shows what was put or deleted while it ran.
 *
 * <p>Every method throws {@link BlobStoreException} when the store cannot be reached or does not do
 * its work; the exception says whether a retry may help.
 */
public interface BlobStore extends AutoCloseable {

  /**
   * Stores the bytes of {@code content} under a fresh key. On return they are durable and visible
   * as a whole; on any exception nothing is visible under {@code key}, then or later, unless the
   * exception is a retryable {@link BlobStoreException}, where the outcome may be unknown.
   *
   * @throws IntegrityException if {@code content} is shorter or longer than expected, hashes to
   *     another digest, or fails while it is read
   */
  void put(StorageKey key, BlobRef expected, ByteSource content);

  /** What is known about the blob under {@code key}, or empty if there is none. */
  Optional<BlobStat> stat(StorageKey key);

  /**
   * Opens part of a blob; the caller closes the stream.
   *
   * @throws BlobNotFoundException if there is no blob under {@code key}
   */
  InputStream open(StorageKey key, ByteRange range);

  /** Removes the blob under {@code key}. Idempotent. Returns whether there was one. */
  boolean delete(StorageKey key);

  /**
   * Lists keys in ascending order, strictly after {@code after}. Objects whose name is not a
   * storage key are not listed.
   *
   * @param prefix what the keys start with, character by character; empty for all
   * @param after where the last page ended, {@link Cursor#START}, or a cursor of the text of any
   *     storage key, whether there is such a blob or not: the scan goes on behind that text
   * @param limit 1 or more; how many keys a page has at most
   */
  Page<StorageKey> list(String prefix, Cursor after, int limit);

  /**
   * Something more this store can do, for instance {@link LocalFile}. A decorator forwards a
   * capability only if its own promise survives.
   */
  default <C> Optional<C> capability(Class<C> type) {
    return Optional.empty();
  }

  /** Releases what the store holds; never throws for being called twice. */
  @Override
  void close();
}

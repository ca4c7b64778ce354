package dev.hfsm.storage;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.IntegrityException;

/**
 * Capability of a store that copies a blob without moving its bytes through this process.
 * Thread-safe.
 */
public interface ServerCopy {

  /**
   * Stores the blob of one key under another, fresh one. Everything {@link BlobStore#put} promises
   * holds: all or nothing is visible, the copy is durable on return, and what was copied has been
   * verified.
   *
   * @param expected what the bytes must be
   * @throws BlobNotFoundException if there is no blob under {@code from}
   * @throws IntegrityException if the bytes under {@code from} are something else; nothing is
   *     stored
   */
  void copy(StorageKey from, StorageKey to, BlobRef expected);
}

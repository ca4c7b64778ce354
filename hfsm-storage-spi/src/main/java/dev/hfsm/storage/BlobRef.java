package dev.hfsm.storage;

import dev.hfsm.model.Digest;

/**
 * Which bytes are meant.
 *
 * @param digest their content address
 * @param size their number, 0 or more
 */
public record BlobRef(Digest digest, long size) {

  /** Refuses a negative size. */
  public BlobRef {
    if (size < 0) {
      throw new IllegalArgumentException("blob size: expected 0 or more, found " + size);
    }
  }
}

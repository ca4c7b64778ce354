package dev.hfsm.error;

import org.jspecify.annotations.Nullable;

/** A blob store could not do its work: unreachable, full, denied, damaged. */
public final class BlobStoreException extends HfsmException {

  /**
   * @param message what was tried and what was found
   * @param cause the underlying error, if any
   * @param retryable whether the same call may succeed later
   */
  public BlobStoreException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause, retryable);
  }
}

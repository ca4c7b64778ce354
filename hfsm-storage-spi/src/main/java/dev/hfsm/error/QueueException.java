package dev.hfsm.error;

import org.jspecify.annotations.Nullable;

/**
 * A work queue could not do its work: unreachable, full, denied, of a version that is too old. No
 * work is lost by it: what is owed stands in the ledger.
 */
public final class QueueException extends HfsmException {

  /**
   * @param message what was tried and what was found, and the setting that helps
   * @param cause the underlying error, if any
   * @param retryable whether the same call may succeed later
   */
  public QueueException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause, retryable);
  }
}

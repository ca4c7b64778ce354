package dev.hfsm.error;

import org.jspecify.annotations.Nullable;

/** A ledger could not do its work: unreachable, of a newer schema, wrongly configured. */
public final class LedgerException extends HfsmException {

  /**
   * @param message what was tried and what was found
   * @param cause the underlying error, if any
   * @param retryable whether the same call may succeed later
   */
  public LedgerException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause, retryable);
  }
}

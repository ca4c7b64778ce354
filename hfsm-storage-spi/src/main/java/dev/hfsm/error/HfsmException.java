package dev.hfsm.error;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything HFSM throws on purpose. The message says what was expected and what was found;
 * {@link #retryable()} says whether the same call may succeed later. Expected outcomes (a
 * duplicate, a missing asset) are values, not exceptions.
 */
public abstract sealed class HfsmException extends RuntimeException
    permits AssetGoneException,
        BlobNotFoundException,
        BlobStoreException,
        BudgetExhaustedException,
        IntegrityException,
        InvalidTicketException,
        LeaseLostException,
        LedgerException,
        LimitExceededException,
        MalformedTextException,
        OverloadedException,
        QueueException,
        RejectedMediaException,
        TransformationException,
        VariantPendingException {

  private final boolean retryable;

  HfsmException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause);
    this.retryable = retryable;
  }

  /** Whether the same call, unchanged, may succeed later. */
  public final boolean retryable() {
    return retryable;
  }
}

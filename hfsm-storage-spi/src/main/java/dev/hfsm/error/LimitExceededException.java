package dev.hfsm.error;

/**
 * Input is beyond a configured limit. Raising the limit, not retrying, helps; where the limit is a
 * shared budget, waiting may.
 */
public final class LimitExceededException extends HfsmException {

  /**
   * @param message the limit and what was found
   * @param retryable true if the limit is a shared budget that may free up
   */
  public LimitExceededException(String message, boolean retryable) {
    super(message, null, retryable);
  }
}

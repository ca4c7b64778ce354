package dev.hfsm.error;

import java.time.Duration;

/** A variant was not ready within the time the caller was willing to wait; the work goes on. */
public final class VariantPendingException extends HfsmException {

  private final transient Duration retryAfter;

  /**
   * @param what the variant that was waited for
   * @param retryAfter when asking again is worth while
   */
  public VariantPendingException(String what, Duration retryAfter) {
    super(what + " is not ready yet; ask again in " + retryAfter.toMillis() + " ms", null, true);
    this.retryAfter = retryAfter;
  }

  /** When asking again is worth while. */
  public Duration retryAfter() {
    return retryAfter;
  }
}

package dev.hfsm.error;

import java.time.Duration;

/**
 * As many callers as may wait for variants on this node are waiting: this one was turned away at
 * once. Nothing was noted about what it asked for.
 */
public final class OverloadedException extends HfsmException {

  private final transient Duration retryAfter;

  /**
   * @param what what there is too much of
   * @param retryAfter when asking again is worth while
   */
  public OverloadedException(String what, Duration retryAfter) {
    super(what + "; ask again in " + retryAfter.toMillis() + " ms", null, true);
    this.retryAfter = retryAfter;
  }

  /** When asking again is worth while. */
  public Duration retryAfter() {
    return retryAfter;
  }
}

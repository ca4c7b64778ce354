package dev.hfsm.error;

import java.time.Duration;

/**
 * A budget for what variants may cost is used up, so no new one is made. Those that are there are
 * served as before. Nothing was noted about what was asked for.
 */
public final class BudgetExhaustedException extends HfsmException {

  private final transient Duration retryAfter;

  /**
   * @param what the budget, what it allows and what was found
   * @param retryAfter when there may be something left again
   */
  public BudgetExhaustedException(String what, Duration retryAfter) {
    super(what, null, true);
    this.retryAfter = retryAfter;
  }

  /** When there may be something left again. */
  public Duration retryAfter() {
    return retryAfter;
  }
}

package dev.hfsm.error;

import java.time.Duration;

/**
 * A budget for what variants may cost is used up, so no new one is made. Those that are there are
 * served as before. Nothing was noted about what was asked for.
 */
public final class BudgetExhaustedException extends HfsmException {

  private final Instead instead;
  private final transient Duration retryAfter;

  /** What a client is to get. */
  public enum Instead {
    /** Nothing. */
    NOTHING,
    /** Another variant that is there, if one comes near. */
    NEAREST
  }

  /**
   * @param what the budget, what it allows and what was found
   * @param instead what a client is to get
   * @param retryAfter when there may be something left again
   */
  public BudgetExhaustedException(String what, Instead instead, Duration retryAfter) {
    super(what, null, true);
    this.instead = instead;
    this.retryAfter = retryAfter;
  }

  /** What a client is to get. */
  public Instead instead() {
    return instead;
  }

  /** When there may be something left again. */
  public Duration retryAfter() {
    return retryAfter;
  }
}

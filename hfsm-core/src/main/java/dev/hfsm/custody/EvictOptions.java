package dev.hfsm.custody;

import java.time.Duration;

/**
 * What to evict.
 *
 * @param budget how many bytes the READY variants of all scopes may take
 * @param idle what was used within this time is kept, whatever the budget
 * @param mode whether to do it
 */
public record EvictOptions(long budget, Duration idle, Mode mode) {

  /** Checks the numbers. */
  public EvictOptions {
    if (budget < 0 || idle.isNegative()) {
      throw new IllegalArgumentException(
          "evict: expected a budget and an idle time of zero or more, found "
              + budget
              + " and "
              + idle);
    }
  }
}

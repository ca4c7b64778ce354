package dev.hfsm.custody;

import java.time.Duration;

/**
 * What to collect.
 *
 * @param grace how long an asset must have been without a claim; zero or more
 * @param mode whether to do it
 */
public record CollectOptions(Duration grace, Mode mode) {

  /** Checks the grace. */
  public CollectOptions {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace: expected zero or more, found " + grace);
    }
  }
}

package dev.hfsm.ledger;

import dev.hfsm.model.Scope;
import java.time.Duration;

/**
 * What making variants has cost a scope, on one node, since it was told last.
 *
 * @param scope whose assets they are of
 * @param time for how long threads were busy with it, whatever came of it
 * @param variants how many were made
 * @param bytes what these take
 */
public record Spending(Scope scope, Duration time, long variants, long bytes) {

  /** Refuses what is less than nothing. */
  public Spending {
    if (time.isNegative() || variants < 0 || bytes < 0) {
      throw new IllegalArgumentException(
          "spending: expected nothing or more, found %s, %d variants, %d bytes"
              .formatted(time, variants, bytes));
    }
  }
}

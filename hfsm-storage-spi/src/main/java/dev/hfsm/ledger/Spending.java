package dev.hfsm.ledger;

import dev.hfsm.model.Scope;
import java.time.Duration;

/**
 * What making variants has cost a scope, on one node, since it was told last.
 *
 * @param scope whose assets they are of
 * @param cpu how much processor time it took, whatever came of it
 * @param variants how many were made
 * @param bytes what these take
 */
public record Spending(Scope scope, Duration cpu, long variants, long bytes) {

  /** Refuses what is less than nothing. */
  public Spending {
    if (cpu.isNegative() || variants < 0 || bytes < 0) {
      throw new IllegalArgumentException(
          "spending: expected nothing or more, found %s of processors, %d variants, %d bytes"
              .formatted(cpu, variants, bytes));
    }
  }
}

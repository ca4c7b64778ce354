package dev.hfsm.internal.chores;

import java.time.Duration;

/**
 * Something to be done now and then, and how.
 *
 * @param name its name in the ledger, {@code [a-z0-9-]{1,64}}
 * @param every how often it begins, counted from the end of the last time; on all nodes together if
 *     it is shared
 * @param pace on which thread, and whether under a lease
 * @param body what to do
 */
public record ChorePlan(String name, Duration every, Pace pace, ChoreBody body) {

  /** Whom a chore may keep waiting, and who does it. */
  public enum Pace {
    /** One node at a time, milliseconds: other chores of this pace wait for it. */
    FAST,
    /** One node at a time, for as long as it takes: in turns with the others of this pace. */
    SLOW,
    /** Every node for itself, without a lease; in turns with the slow ones. */
    LOCAL
  }

  /** Checks the cadence. */
  public ChorePlan {
    if (every.isZero() || every.isNegative()) {
      throw new IllegalArgumentException("chore: expected a positive cadence, found " + every);
    }
  }
}

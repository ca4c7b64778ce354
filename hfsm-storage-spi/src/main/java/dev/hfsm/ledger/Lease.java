package dev.hfsm.ledger;

import dev.hfsm.model.Subject;

/**
 * The right to finish a piece of work, for a time. The ledger checks it, on its own clock, in the
 * very transaction that writes the result.
 *
 * @param subject what the work is about
 * @param worker who holds it
 * @param fence a number that later leases have a higher one than; given out twice only if the end
 *     of the database has undone the lease that had it
 */
public record Lease(Subject subject, String worker, long fence) {

  @Override
  public String toString() {
    return subject + " held by " + worker + " under fence " + fence;
  }
}

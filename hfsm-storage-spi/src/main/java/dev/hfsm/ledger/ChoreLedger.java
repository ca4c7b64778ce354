package dev.hfsm.ledger;

import dev.hfsm.error.LeaseLostException;
import java.time.Duration;
import java.util.Optional;

/**
 * Leases on what one node should do at a time for all: reaping, collecting, sweeping. A chore has a
 * memory of one short text, so that whoever takes it up next can go on where the last one stopped.
 * Each method is one transaction.
 */
public interface ChoreLedger {

  /** The most characters a note of progress may have. */
  int MAX_PROGRESS = 1000;

  /**
   * Takes the lease on a chore, or extends one that {@code worker} holds already.
   *
   * @param chore 1 to 64 characters of {@code [a-z0-9-]}
   * @return the chore with what was noted last, or empty if another holds it
   */
  Optional<Chore> lease(String chore, String worker, Duration lease);

  /**
   * Notes how far the chore has come. Does not extend the lease.
   *
   * @param progress up to {@link #MAX_PROGRESS} characters
   * @throws IllegalArgumentException if it has more; nothing was noted then
   * @throws LeaseLostException if the lease is no longer held; nothing was noted then
   */
  void note(Chore held, String progress);

  /**
   * What was noted last about a chore, whoever holds it; empty if nothing ever was. Needs no lease
   * and keeps nobody from one.
   *
   * @param chore as in {@link #lease}
   */
  String noted(String chore);

  /** Gives the lease back, if it is still held. What was noted stays. */
  void release(Chore held);
}

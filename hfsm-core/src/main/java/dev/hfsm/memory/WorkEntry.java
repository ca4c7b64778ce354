package dev.hfsm.memory;

import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work.
 *
 * @param buried 0 while the work lives; else a number that is higher for work given up later
 */
record WorkEntry(
    Subject subject,
    int priority,
    Instant due,
    int attempts,
    @Nullable Lease lease,
    @Nullable Instant leasedUntil,
    @Nullable Failure failure,
    long buried) {

  static WorkEntry fresh(Subject subject, int priority, Instant due) {
    return new WorkEntry(subject, priority, due, 0, null, null, null, 0);
  }

  /** Whether its last attempt ended with its worker, which it may have killed. */
  boolean isSuspect() {
    return failure != null && failure.code().equals(WorkLedger.WORKER_LOST);
  }

  /** The same work for one more who wants it; what was tried already keeps its time. */
  WorkEntry wantedToo(int byPriority, Instant by) {
    if (attempts > 0 || lease != null || isDead()) {
      return this;
    }
    Instant earlier = by.isBefore(due) ? by : due;
    return new WorkEntry(
        subject, Math.max(priority, byPriority), earlier, 0, null, null, failure, 0);
  }

  boolean isDead() {
    return buried > 0;
  }

  /** Whether it can be granted: an expired lease is first freed by a reaping, which counts. */
  boolean isClaimable(Instant now) {
    return !isDead() && lease == null && !due.isAfter(now);
  }

  boolean isHeldUnder(Lease held, Instant now) {
    return held.equals(lease) && !isExpired(now);
  }

  /** Whether its lease has run out; it runs out at the very instant it was granted until. */
  boolean isExpired(Instant now) {
    return leasedUntil != null && !now.isBefore(leasedUntil);
  }

  WorkEntry granted(Lease to, Instant until) {
    return new WorkEntry(subject, priority, due, attempts + 1, to, until, failure, 0);
  }

  WorkEntry renewed(Instant until) {
    return new WorkEntry(subject, priority, due, attempts, lease, until, failure, 0);
  }

  WorkEntry released() {
    return new WorkEntry(subject, priority, due, attempts - 1, null, null, failure, 0);
  }

  WorkEntry failed(Failure why, Instant dueAgain) {
    return new WorkEntry(subject, priority, dueAgain, attempts, null, null, why, 0);
  }

  WorkEntry dead(Failure why, long order) {
    return new WorkEntry(subject, priority, due, attempts, null, null, why, order);
  }

  Hint hint() {
    return new Hint(subject, due, priority);
  }

  WorkRow row() {
    return new WorkRow(
        subject,
        priority,
        due,
        attempts,
        lease == null ? null : lease.worker(),
        leasedUntil,
        failure,
        isDead());
  }
}

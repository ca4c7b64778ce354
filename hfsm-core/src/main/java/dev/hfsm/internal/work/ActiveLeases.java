package dev.hfsm.internal.work;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leases this process works under, renewed at half their length. Thread-safe. */
final class ActiveLeases {

  private static final long LONGEST_LOOK = 500;
  private static final long SHORTEST_LOOK = 10;
  private static final int LOOKS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(ActiveLeases.class);

  private final WorkLedger work;
  private final long length;
  private final Duration duration;
  private final Vitals vitals;
  private final Map<Lease, Piece> held = new ConcurrentHashMap<>();

  ActiveLeases(WorkLedger work, Duration length, Vitals vitals) {
    this.work = work;
    this.duration = length;
    this.length = TimeUnit.NANOSECONDS.convert(length);
    this.vitals = vitals;
  }

  /**
   * How often, in milliseconds, to look which leases are due: several times in the half of a lease
   * in which it can be renewed.
   */
  static long lookEvery(Duration length) {
    return Math.max(SHORTEST_LOOK, Math.min(LONGEST_LOOK, length.toMillis() / LOOKS));
  }

  /** When a lease that is granted or renewed by a call that begins at {@code nanoTime} runs out. */
  long endOf(long nanoTime) {
    return nanoTime + length;
  }

  void add(Piece piece) {
    held.put(piece.lease(), piece);
  }

  void remove(Lease lease) {
    held.remove(lease);
  }

  /** Whether the lease is held, as far as is known here. */
  boolean isHeld(Lease lease) {
    Piece piece = held.get(lease);
    return piece != null && !piece.budget().isCancelled();
  }

  /**
   * Whether the work of this very lease is here already: a database that has lost a grant in a
   * crash may have granted it once more.
   */
  boolean knows(Lease lease) {
    return held.containsKey(lease);
  }

  /** Whether work about a subject has not come to its end here. */
  boolean isUnderWay(Subject subject) {
    return held.keySet().stream().anyMatch(lease -> lease.subject().equals(subject));
  }

  Collection<Piece> pieces() {
    return held.values();
  }

  /** Renews what is at half its length or beyond; cancels the work of a lease that is lost. */
  void renewDue(Outage outage) {
    held.forEach(
        (lease, piece) -> {
          if (!piece.budget().isLost()
              && piece.budget().leaseEnds() - System.nanoTime() <= length / 2) {
            renew(lease, piece, outage);
          }
        });
  }

  private void renew(Lease lease, Piece piece, Outage outage) {
    long before = System.nanoTime();
    try {
      work.renew(lease, duration);
      piece.budget().leaseEnds(endOf(before));
      vitals.renewed();
      outage.ledgerAnswered();
    } catch (LeaseLostException e) {
      // A piece whose result was written a moment ago has no lease either, and needs none.
      if (held.containsKey(lease)) {
        LOG.info("{}; its work here is cancelled", e.getMessage());
        piece.budget().lose();
      }
    } catch (HfsmException e) {
      outage.note(e);
    }
  }

  /** Cancels all work under way. */
  void cancelAll() {
    held.values().forEach(piece -> piece.budget().cancel());
  }
}

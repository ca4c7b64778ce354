package dev.hfsm.internal;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.WorkLedger;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leases this process works under, renewed at half their length. Thread-safe. */
final class ActiveLeases {

  private static final Logger LOG = LoggerFactory.getLogger(ActiveLeases.class);

  private final WorkLedger work;
  private final Duration length;
  private final Map<Lease, Held> held = new ConcurrentHashMap<>();

  private static final class Held {
    final WorkBudget budget;
    volatile long renewedAt = System.nanoTime();

    Held(WorkBudget budget) {
      this.budget = budget;
    }
  }

  ActiveLeases(WorkLedger work, Duration length) {
    this.work = work;
    this.length = length;
  }

  void add(Lease lease, WorkBudget budget) {
    held.put(lease, new Held(budget));
  }

  void remove(Lease lease) {
    held.remove(lease);
  }

  /** Renews what is at half its length or beyond; cancels the work of a lease that is lost. */
  void renewDue() {
    long now = System.nanoTime();
    held.forEach(
        (lease, h) -> {
          if (now - h.renewedAt >= TimeUnit.NANOSECONDS.convert(length) / 2) {
            renew(lease, h, now);
          }
        });
  }

  private void renew(Lease lease, Held h, long now) {
    try {
      work.renew(lease, length);
      h.renewedAt = now;
    } catch (LeaseLostException e) {
      h.budget.cancel();
      held.remove(lease);
    } catch (HfsmException e) {
      LOG.warn("could not renew {}: {}", lease, e.getMessage());
    }
  }

  /** Cancels all work under way. */
  void cancelAll() {
    held.values().forEach(h -> h.budget.cancel());
  }
}

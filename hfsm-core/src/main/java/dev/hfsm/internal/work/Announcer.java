package dev.hfsm.internal.work;

import dev.hfsm.ledger.LedgerBell;
import dev.hfsm.ledger.LedgerBell.Ring;
import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says where there is work, after it was committed: to the queue if there is one, else by the bell
 * of this process, and by the ledger's bell if this process cannot begin it at once. Says also what
 * has come to an end. What is said may be lost, so nothing here fails. Thread-safe.
 */
public final class Announcer {

  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  private static final long SAY_AGAIN = TimeUnit.SECONDS.toNanos(30);

  /** Whoever has not offered for so long does not know how the queue is. */
  private static final long REFUSES_FOR = TimeUnit.SECONDS.toNanos(10);

  private final @Nullable WorkQueue queue;
  private final Bell bell;
  private final LedgerBell everywhere;
  private final Vitals vitals;
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong said = new AtomicLong(System.nanoTime() - SAY_AGAIN);
  private final AtomicLong refused = new AtomicLong(System.nanoTime() - REFUSES_FOR);
  private volatile @Nullable Outlet outlet;

  /** How a started pipeline rings. */
  private record Outlet(Ringer ringer, Hinter hinter, BooleanSupplier canBeginMore) {}

  /**
   * Offers hints to {@code queue}, or rings if that is null.
   *
   * @param bell of this process
   * @param everywhere of all who share the ledger
   * @param vitals hears of offers that failed
   */
  public Announcer(@Nullable WorkQueue queue, Bell bell, LedgerBell everywhere, Vitals vitals) {
    this.queue = queue;
    this.bell = bell;
    this.everywhere = everywhere;
    this.vitals = vitals;
  }

  /** From now on somebody works here, and somebody rings. */
  void attach(Ringer ringer, Hinter hinter, BooleanSupplier canBeginMore) {
    outlet = new Outlet(ringer, hinter, canBeginMore);
  }

  /** From now on nobody does. */
  void detach() {
    outlet = null;
  }

  /** Says that work about a subject is due at a time. */
  public void announce(Subject subject, Instant due, int priority) {
    announce(List.of(new Hint(subject, due, priority)));
  }

  /** Says that work is due. */
  public void announce(List<Hint> hints) {
    Outlet now = outlet;
    if (queue != null) {
      offer(now, hints);
      return;
    }
    bell.ring();
    if (now == null) {
      ringAtOnce(Ring.OWED);
    } else if (!now.canBeginMore().getAsBoolean()) {
      now.ringer().owed();
    }
  }

  /** Says that work will be due; without a queue, whoever looks then finds it. */
  void announceLater(Subject subject, Instant due) {
    if (queue != null) {
      offer(outlet, List.of(new Hint(subject, due, 0)));
    } else {
      bell.ring();
    }
  }

  /** Says to other nodes that there is more work than this one can begin. */
  void tooMuch() {
    Outlet now = outlet;
    if (queue == null && now != null) {
      now.ringer().owed();
    }
  }

  /** Says to other nodes that work about a subject has come to an end. */
  void settled(Subject subject) {
    Outlet now = outlet;
    if (now == null) {
      ringAtOnce(Ring.settled(subject));
    } else {
      now.ringer().settled(subject);
    }
  }

  /** Says to other nodes that there is something to be removed from memory. */
  public void removed() {
    Outlet now = outlet;
    if (now == null) {
      ringAtOnce(Ring.REMOVED);
    } else {
      now.ringer().removed();
    }
  }

  private void ringAtOnce(Ring ring) {
    try {
      everywhere.ring(List.of(ring));
    } catch (RuntimeException e) {
      LOG.debug("a ring was lost, others will look by themselves: {}", e.toString());
    }
  }

  private void offer(@Nullable Outlet now, List<Hint> hints) {
    if (now == null) {
      offerAtOnce(hints);
    } else {
      now.hinter().add(hints);
    }
  }

  /** Offers, waits for the queue, and does not fail; without a queue there is nothing to do. */
  void offerAtOnce(List<Hint> hints) {
    if (queue == null) {
      return;
    }
    try {
      queue.offer(hints);
      refused.set(System.nanoTime() - REFUSES_FOR);
    } catch (RuntimeException e) {
      refused.set(System.nanoTime());
      vitals.failed("offering work to the queue", e);
      sayLost(hints.size(), e);
      bell.ring(); // while the queue is away this node asks the ledger, and need not wait with it
    }
  }

  /** Whether the queue has just refused a hint, so that no answer of it says that all is done. */
  boolean queueRefuses() {
    return System.nanoTime() - refused.get() < REFUSES_FOR;
  }

  /** Once in a while: every upload has hints. */
  private void sayLost(int hints, RuntimeException reason) {
    long all = lost.addAndGet(hints);
    long before = said.get();
    long now = System.nanoTime();
    if (now - before >= SAY_AGAIN && said.compareAndSet(before, now)) {
      LOG.warn(
          "the queue took no hints, {} are lost so far, the ledger will offer the work again: {}",
          all,
          reason.toString());
    }
  }
}

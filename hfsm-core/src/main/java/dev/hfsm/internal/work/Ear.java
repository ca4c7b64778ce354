package dev.hfsm.internal.work;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell;
import dev.hfsm.ledger.LedgerBell.Listening;
import dev.hfsm.ledger.LedgerBell.Ring;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to what other nodes ring for, and passes it on in this process. While nothing can be
 * heard, everybody looks by himself.
 */
final class Ear {

  private static final Logger LOG = LoggerFactory.getLogger(Ear.class);
  private static final Duration LISTEN = Duration.ofSeconds(10);

  private final LedgerBell everywhere;
  private final Bell bell;
  private final Bell removals;
  private final Signals signals;
  private final Vitals vitals;
  private final Outage outage;
  private final CountDownLatch closing;
  private volatile @Nullable Listening open;

  Ear(
      LedgerBell everywhere,
      Bell bell,
      Bell removals,
      Signals signals,
      Vitals vitals,
      Outage outage,
      CountDownLatch closing) {
    this.everywhere = everywhere;
    this.bell = bell;
    this.removals = removals;
    this.signals = signals;
    this.vitals = vitals;
    this.outage = outage;
    this.closing = closing;
  }

  /** Listens until the pipeline closes, or for as long as it is possible at all. */
  void run() throws InterruptedException {
    while (closing.getCount() > 0) {
      try (Listening listening = everywhere.listen()) {
        open = listening;
        hear(listening);
      } catch (LedgerException e) {
        deaf();
        if (closing.getCount() == 0) {
          return;
        }
        if (!e.retryable()) {
          LOG.warn("other nodes cannot be heard, work is looked for by itself: {}", e.getMessage());
          return;
        }
        outage.bear(e);
      } catch (RuntimeException | Error e) {
        deaf();
        outage.bear(e);
      } finally {
        open = null;
      }
    }
    deaf();
  }

  private void deaf() {
    vitals.listening(false);
    signals.hearsAll(false);
  }

  private void hear(Listening listening) throws InterruptedException {
    vitals.listening(true);
    outage.over();
    // What was rung for before is not heard: look once.
    bell.ring();
    removals.ring();
    signals.signalAll();
    signals.hearsAll(true);
    while (closing.getCount() > 0) {
      listening.await(LISTEN).forEach(this::passOn);
    }
  }

  private void passOn(Ring ring) {
    switch (ring.kind()) {
      case OWED -> bell.ring();
      case REMOVED -> removals.ring();
      case SETTLED -> {
        if (ring.subject() == null) {
          signals.signalAll();
        } else {
          signals.signal(ring.subject());
        }
      }
    }
  }

  /** Wakes the listening thread; the latch is down already. */
  void close() {
    Listening now = open;
    if (now != null) {
      try {
        now.close();
      } catch (RuntimeException e) {
        LOG.debug("the listening could not be closed: {}", e.toString());
      }
    }
  }
}

package dev.hfsm.internal.work;

import dev.hfsm.internal.Finder;
import dev.hfsm.ledger.RemovalLedger;
import dev.hfsm.ledger.Removals;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes out of the cache of rows what other nodes have removed: reads the ledger's log whenever
 * somebody rings, and once a second unasked. While it cannot be read the cache knows by itself how
 * long it may be trusted.
 */
final class Removing {

  private static final Logger LOG = LoggerFactory.getLogger(Removing.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final int PAGE = 1000;

  private final RemovalLedger log;
  private final Finder finder;
  private final Bell bell;
  private final Outage outage;
  private final CountDownLatch closing;
  private boolean begun;
  private long place;

  /**
   * @param bell rung when the log may have grown
   */
  Removing(RemovalLedger log, Finder finder, Bell bell, Outage outage, CountDownLatch closing) {
    this.log = log;
    this.finder = finder;
    this.bell = bell;
    this.outage = outage;
    this.closing = closing;
  }

  /** Reads until the pipeline closes. */
  void run() throws InterruptedException {
    try {
      while (closing.getCount() > 0) {
        long heard = bell.heard();
        try {
          readToTheEnd();
          outage.ledgerAnswered();
        } catch (RuntimeException | Error e) {
          outage.bear(e);
          continue;
        }
        if (closing.getCount() > 0) {
          bell.await(heard, LOOK_AGAIN);
        }
      }
    } finally {
      finder.trustNothing();
    }
  }

  /** Reads what is new, and says to the cache until when it can be trusted. */
  void readToTheEnd() {
    long asked = finder.now();
    if (!begun) {
      place = log.end();
      finder.forgetEverything(); // it may be from before that place
      begun = true;
    } else {
      Removals removals;
      do {
        asked = finder.now();
        removals = log.after(place, PAGE);
        remove(removals);
        place = removals.end();
      } while (removals.assets().size() == PAGE);
    }
    finder.confirm(asked);
  }

  private void remove(Removals removals) {
    if (removals.isComplete()) {
      finder.forgetAll(removals.assets());
    } else {
      LOG.info("this node was away for so long that it forgets all rows it knows");
      finder.forgetEverything();
    }
  }
}

package dev.hfsm.internal.work;

import dev.hfsm.error.HfsmException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one thread bears that something does not answer: it waits a little longer each time, up to
 * two seconds, and does not say the same over and over. For one thread.
 */
final class Outage {

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
  private static final long FIRST_MILLIS = 50;
  private static final long LAST_MILLIS = 2_000;
  private static final long SAY_AGAIN = TimeUnit.SECONDS.toNanos(30);

  private final String what;
  private final Vitals vitals;
  private final CountDownLatch closing;
  private long pause = FIRST_MILLIS;
  private int failures;
  private long said;

  /**
   * @param what what was tried, for the log
   * @param closing down to zero when there is nothing to wait for any more
   */
  Outage(String what, Vitals vitals, CountDownLatch closing) {
    this.what = what;
    this.vitals = vitals;
    this.closing = closing;
  }

  /** It has answered. */
  void over() {
    if (failures > 0) {
      LOG.info("{}: it works again after {} failures", what, failures);
      failures = 0;
      pause = FIRST_MILLIS;
    }
  }

  /** It was the ledger, and it has answered. */
  void ledgerAnswered() {
    over();
    vitals.answered();
  }

  /** It has not; waits before the next try. */
  void bear(Throwable reason) throws InterruptedException {
    note(reason);
    closing.await(pause, TimeUnit.MILLISECONDS);
    pause = Math.min(LAST_MILLIS, 2 * pause);
  }

  /** It has not; says so without waiting. */
  void note(Throwable reason) {
    vitals.failed(what, reason);
    long now = System.nanoTime();
    if (failures++ == 0 || now - said > SAY_AGAIN) {
      said = now;
      if (reason instanceof HfsmException) {
        LOG.warn("{} failed, trying again: {}", what, reason.getMessage());
      } else {
        LOG.error("{} failed unexpectedly, going on", what, reason);
      }
    }
  }
}

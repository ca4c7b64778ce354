package dev.hfsm.internal.work;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after threads that do not stop: work past its deadline, or past its cancellation, is given
 * a grace, then its thread is interrupted, then it is taken from its thread and the thread is
 * written off. It also gives work back that waits too long for a hand, because another node may
 * have one. Makes no call that could hang.
 */
final class Watch {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
  private static final long SLOW_EXECUTOR = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_TICK = 500;

  private final ActiveLeases leases;
  private final WorkRunner runner;
  private final Crew crew;
  private final Consumer<Piece> replace;
  private final CountDownLatch ended;
  private final long grace;
  private final long begun = System.nanoTime();
  private boolean complained;

  /**
   * @param replace what to do when a thread was written off, and with which piece
   * @param ended down to zero when there is nothing to look after any more
   */
  Watch(
      ActiveLeases leases,
      WorkRunner runner,
      Crew crew,
      Consumer<Piece> replace,
      CountDownLatch ended,
      Duration grace) {
    this.leases = leases;
    this.runner = runner;
    this.crew = crew;
    this.replace = replace;
    this.ended = ended;
    this.grace = grace.toNanos();
  }

  void run() throws InterruptedException {
    long tick = Math.max(1, Math.min(LONGEST_TICK, TimeUnit.NANOSECONDS.toMillis(grace) / 4));
    while (!ended.await(tick, TimeUnit.MILLISECONDS)) {
      try {
        leases.pieces().forEach(this::look);
        lookAtExecutor();
      } catch (RuntimeException | Error e) {
        LOG.error("unexpected failure while looking after threads, going on", e);
      }
    }
  }

  private void look(Piece piece) {
    if (!piece.isRunning()) {
      if (piece.age() > PATIENCE && runner.withdraw(piece)) {
        LOG.debug("{} found no free thread and is given back", piece.lease());
      }
      return;
    }
    long overdue = piece.budget().overdue();
    if (overdue < grace) {
      return;
    }
    if (overdue < 2 * grace) {
      piece.interrupt();
    } else if (runner.writeOff(piece)) {
      LOG.error(
          "a thread does not come back from {} although its time is over and it was interrupted;"
              + " it is written off",
          piece.lease());
      replace.accept(piece);
    }
  }

  private void lookAtExecutor() {
    if (!complained && crew.missing() > 0 && System.nanoTime() - begun > SLOW_EXECUTOR) {
      complained = true;
      LOG.error(
          "the executor has not given {} of the threads it was asked for: what they would do is"
              + " not done",
          crew.missing());
    }
  }
}

package dev.hfsm.internal.work;

import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * Offers hints on one thread, so that nobody who has committed work waits for a queue: what comes
 * together while one offer is under way goes with the next, as one. Hints that come now and then
 * are offered at once; where they keep coming they are gathered for some milliseconds, because each
 * call costs processors that the work itself could use. Thread-safe.
 */
final class Hinter {

  /**
   * A queue that is behind by more than this gets no more; the ledger will offer the work again.
   */
  private static final int MOST = 10_000;

  /** So many are worth a call, however soon it comes after the one before. */
  private static final int ENOUGH = 100;

  /** Eight calls about one hint each may follow each other at once. */
  private static final Duration LEAD = Duration.ofMillis(28);

  private static final int LEAST_MILLIS = 3;
  private static final int MOST_MILLIS = 10;

  private final Predicate<List<Hint>> offer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Pace pace;
  private final IntFunction<Duration> pause;
  private List<Hint> waiting = new ArrayList<>();
  private boolean leaving;

  /**
   * @param offer offers, and says whether the queue was called; does not fail
   */
  Hinter(Predicate<List<Hint>> offer) {
    this(offer, LEAD, Hinter::pause);
  }

  /**
   * The same.
   *
   * @param lead how far calls may run ahead of their pauses
   * @param pause what is to lie between a call about so many hints and the next
   */
  Hinter(Predicate<List<Hint>> offer, Duration lead, IntFunction<Duration> pause) {
    this.offer = offer;
    this.pace = new Pace(lead, System.nanoTime());
    this.pause = pause;
  }

  void add(List<Hint> hints) {
    lock.lock();
    try {
      if (waiting.size() + hints.size() <= MOST) {
        boolean first = waiting.isEmpty();
        waiting.addAll(hints);
        if (first || waiting.size() >= ENOUGH) {
          changed.signal();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Offers until told to leave and nothing is left to offer. */
  void run() throws InterruptedException {
    for (List<Hint> hints = next(); !hints.isEmpty(); hints = next()) {
      long start = System.nanoTime();
      if (offer.test(hints)) {
        pace.called(start, pause.apply(hints.size()));
      }
    }
  }

  /** Longer after many: hints that come faster are worth more gathering. */
  private static Duration pause(int hints) {
    return Duration.ofMillis(Math.min(LEAST_MILLIS + hints, MOST_MILLIS));
  }

  private List<Hint> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !leaving) {
        changed.await();
      }
      gather();
      List<Hint> hints = waiting;
      waiting = new ArrayList<>();
      return hints;
    } finally {
      lock.unlock();
    }
  }

  private void gather() throws InterruptedException {
    long left = pace.until(System.nanoTime());
    while (left > 0 && waiting.size() < ENOUGH && !leaving) {
      left = changed.awaitNanos(left);
    }
  }

  void leaveWhenEmpty() {
    lock.lock();
    try {
      leaving = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

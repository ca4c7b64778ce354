package dev.hfsm.internal.work;

import dev.hfsm.queue.Hint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Offers hints on one thread, so that nobody who has committed work waits for a queue: what comes
 * together while one offer is under way goes with the next, as one. Thread-safe.
 */
final class Hinter {

  /**
   * A queue that is behind by more than this gets no more; the ledger will offer the work again.
   */
  private static final int MOST = 10_000;

  private final Consumer<List<Hint>> offer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<Hint> waiting = new ArrayList<>();
  private boolean leaving;

  /**
   * @param offer offers; does not fail
   */
  Hinter(Consumer<List<Hint>> offer) {
    this.offer = offer;
  }

  void add(List<Hint> hints) {
    lock.lock();
    try {
      if (waiting.size() + hints.size() <= MOST) {
        waiting.addAll(hints);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Offers until told to leave and nothing is left to offer. */
  void run() throws InterruptedException {
    for (List<Hint> hints = next(); !hints.isEmpty(); hints = next()) {
      offer.accept(hints);
    }
  }

  private List<Hint> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !leaving) {
        changed.await();
      }
      List<Hint> hints = waiting;
      waiting = new ArrayList<>();
      return hints;
    } finally {
      lock.unlock();
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

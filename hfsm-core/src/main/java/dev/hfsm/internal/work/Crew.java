package dev.hfsm.internal.work;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that were taken from the executor: who has begun, who has left. Thread-safe. */
final class Crew {

  private static final Logger LOG = LoggerFactory.getLogger(Crew.class);

  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private int asked;
  private int begun;
  private int present;
  private boolean closed;

  Crew(Executor executor) {
    this.executor = executor;
  }

  /** What a thread does until it is no longer needed. */
  @FunctionalInterface
  interface Duty {
    void run() throws InterruptedException;
  }

  /** Takes one more thread, if the executor gives it. */
  void take(String name, Duty duty) {
    executor.execute(
        () -> {
          if (!enter()) {
            return;
          }
          try {
            duty.run();
          } catch (InterruptedException e) {
            LOG.debug("{} was interrupted and leaves", name);
            Thread.currentThread().interrupt();
          } catch (RuntimeException | Error e) {
            LOG.error("{} ended unexpectedly", name, e);
          } finally {
            leave();
          }
        });
    lock.lock();
    try {
      asked++;
    } finally {
      lock.unlock();
    }
  }

  private boolean enter() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      begun++;
      present++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      present--;
      left.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** One of those present will not leave, and is not waited for. */
  void forget() {
    leave();
  }

  /** One who was forgotten has come back, and is about to leave. */
  void remember() {
    lock.lock();
    try {
      present++;
    } finally {
      lock.unlock();
    }
  }

  /** How many threads the executor was asked for and has not given. */
  int missing() {
    lock.lock();
    try {
      return asked - begun;
    } finally {
      lock.unlock();
    }
  }

  /** Who begins from now on leaves at once. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all have left. */
  boolean awaitAll(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (present > 0 && nanos > 0) {
        nanos = left.awaitNanos(nanos);
      }
      return present == 0;
    } finally {
      lock.unlock();
    }
  }
}

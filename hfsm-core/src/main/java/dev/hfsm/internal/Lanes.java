package dev.hfsm.internal;

import dev.hfsm.error.LedgerException;
import dev.hfsm.error.OverloadedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Few ways to the ledger, each of which takes one question at a time; so many may wait for one, and
 * whoever comes beyond that or waits too long is turned away. Thread-safe.
 */
public final class Lanes {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final int mostWaiting;
  private final Semaphore free;
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder turnedAway = new LongAdder();

  /**
   * All of them free.
   *
   * @param mostWaiting how many may wait for one, each of whom holds a thread
   */
  public Lanes(int lanes, int mostWaiting) {
    this.free = new Semaphore(lanes);
    this.mostWaiting = mostWaiting;
  }

  /** How many were turned away so far. */
  public long turnedAway() {
    return turnedAway.sum();
  }

  /** Asks if a lane is free, and turns nobody away if none is. */
  public <T> Optional<T> ifFree(Supplier<T> question) {
    return free.tryAcquire() ? Optional.of(onOne(question)) : Optional.empty();
  }

  /**
   * Asks on one of the lanes.
   *
   * @param atMost how long to wait for one
   * @throws OverloadedException if too many ask
   */
  public <T> T ask(Duration atMost, Supplier<T> question) {
    try {
      if (!free.tryAcquire() && !waited(TimeUnit.NANOSECONDS.convert(atMost))) {
        turnedAway.increment();
        throw new OverloadedException("too many ask the ledger for what is not there", RETRY_AFTER);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerException("interrupted while waiting to ask the ledger", e, true);
    }
    return onOne(question);
  }

  private boolean waited(long nanos) throws InterruptedException {
    try {
      return waiting.incrementAndGet() <= mostWaiting
          && free.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    } finally {
      waiting.decrementAndGet();
    }
  }

  private <T> T onOne(Supplier<T> question) {
    try {
      return question.get();
    } finally {
      free.release();
    }
  }
}

package dev.hfsm.jdbc;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether the database has been there for a while without a break, as far as this process knows. A
 * server that has just come back may have forgotten what it had not flushed; see decision 070.
 * Thread-safe.
 */
final class Calm {

  /**
   * Long enough for work that a crash has made due again to be claimed meanwhile: it is the first
   * in its queue, and a hint that was lost is offered again within 10 s.
   */
  static final Duration LENGTH = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private volatile long since;

  /**
   * Nothing is known yet: it has to last from now on.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  Calm(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  /** Something has happened that may have been the end of the server. */
  void disturb() {
    since = nanoTime.getAsLong();
  }

  boolean lasts() {
    return nanoTime.getAsLong() - since >= LENGTH.toNanos();
  }
}

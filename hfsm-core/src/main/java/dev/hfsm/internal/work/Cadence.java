package dev.hfsm.internal.work;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * When something is due again: after so much time of this process, or as soon as the clock says so,
 * whichever is first. A clock that is set back thus puts nothing off.
 */
final class Cadence {

  private final InstantSource clock;
  private long overAt = System.nanoTime();
  private Instant overBy = Instant.MAX;

  /** Over already. */
  Cadence(InstantSource clock) {
    this.clock = clock;
  }

  boolean isOver() {
    return System.nanoTime() - overAt >= 0 || !clock.instant().isBefore(overBy);
  }

  void begin(Duration length) {
    overAt = System.nanoTime() + length.toNanos();
    overBy = clock.instant().plus(length);
  }
}

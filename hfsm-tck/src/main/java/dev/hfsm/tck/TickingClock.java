package dev.hfsm.tck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The system's clock, set forward by hand as often as a test likes. Thread-safe. */
public final class TickingClock implements InstantSource {

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  /** A clock that agrees with the system's for now. */
  public TickingClock() {}

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead.get());
  }

  /** Sets the clock forward. */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("expected a time of 0 or more, found " + time);
    }
    ahead.accumulateAndGet(time, Duration::plus);
  }
}

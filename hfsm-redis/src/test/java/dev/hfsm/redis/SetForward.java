package dev.hfsm.redis;

import dev.hfsm.tck.TickingClock;
import java.time.Duration;
import java.time.Instant;

/** The time of a node and of its Redis, which are the same machine's, set forward by hand. */
final class SetForward {

  private final TickingClock clock = new TickingClock();
  private Duration ahead = Duration.ZERO;

  /** A queue that lives by this time, and has not asked the server anything. */
  RedisWorkQueue queue(RedisQueueBuilder builder) {
    return builder.unchecked(clock, this::ahead);
  }

  private synchronized Duration ahead() {
    return ahead;
  }

  Instant now() {
    return clock.instant();
  }

  synchronized void advance(Duration time) {
    ahead = ahead.plus(time);
    clock.advance(time);
  }
}

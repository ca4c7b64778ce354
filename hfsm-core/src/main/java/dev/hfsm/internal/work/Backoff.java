package dev.hfsm.internal.work;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: exponential from 2 s, capped at an hour, with full jitter
 * (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 */
public final class Backoff {

  private static final long BASE_MILLIS = 2_000;
  private static final long CAP_MILLIS = Duration.ofHours(1).toMillis();
  private static final int MAX_DOUBLINGS = 20;

  private final RandomGenerator random;

  /** Jitter comes from {@code random}. */
  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The delay after attempt number {@code attempt}, counted from 1. */
  public Duration after(int attempt) {
    long ceiling = Math.min(CAP_MILLIS, BASE_MILLIS << Math.min(attempt - 1, MAX_DOUBLINGS));
    return Duration.ofMillis(random.nextLong(ceiling + 1));
  }
}

package dev.hfsm.queue;

import java.time.Duration;

/**
 * So many in each window of time. A window begins with the first that is counted in it; over the
 * border of two windows there can be up to twice as many in a shorter time.
 *
 * @param count how many, 1 to 1,000,000,000
 * @param window how long a window is, in whole milliseconds, 1 ms to 24 h
 */
public record Rate(int count, Duration window) {

  private static final int MOST = 1_000_000_000;
  private static final Duration LONGEST = Duration.ofHours(24);

  /** Checks the numbers. */
  public Rate {
    boolean whole = window.toNanosPart() % 1_000_000 == 0;
    if (count < 1
        || count > MOST
        || window.compareTo(Duration.ofMillis(1)) < 0
        || window.compareTo(LONGEST) > 0
        || !whole) {
      throw new IllegalArgumentException(
          "rate: expected 1 to "
              + MOST
              + " in a window of 1 ms to 24 h, found "
              + count
              + " in "
              + window);
    }
  }

  /** So many in each second. */
  public static Rate perSecond(int count) {
    return new Rate(count, Duration.ofSeconds(1));
  }

  /** So many in each minute. */
  public static Rate perMinute(int count) {
    return new Rate(count, Duration.ofMinutes(1));
  }
}

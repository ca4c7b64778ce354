package dev.hfsm.delivery;

import java.time.Duration;
import java.time.Instant;

/**
 * Until when a link is worth something. Links that expire are rounded up, so that those made within
 * the same span are the same and a CDN needs one copy: to the next full hour by default.
 */
public final class Expiry {

  /** Never: for what may be seen by whoever has the link. */
  public static final Expiry NEVER = new Expiry(Duration.ZERO, Duration.ofSeconds(1));

  private static final long PARTS_OF_A_SECOND = 999_999_999;
  private static final Duration HOUR = Duration.ofHours(1);

  private final Duration least;
  private final Duration step;

  private Expiry(Duration least, Duration step) {
    this.least = least;
    this.step = step;
  }

  /** After this time at the earliest, and an hour later at the latest. */
  public static Expiry after(Duration least) {
    return new Expiry(positive(least), HOUR);
  }

  /** The same, rounded up to multiples of {@code step}: a second or more. */
  public Expiry roundedTo(Duration step) {
    if (this == NEVER) {
      throw new IllegalArgumentException("expiry: expected one that comes, found NEVER");
    }
    if (step.toSeconds() < 1) {
      throw new IllegalArgumentException("expiry: expected steps of 1 s or more, found " + step);
    }
    return new Expiry(least, step);
  }

  private static Duration positive(Duration least) {
    if (least.toSeconds() < 1) {
      throw new IllegalArgumentException("expiry: expected 1 s or more, found " + least);
    }
    return least;
  }

  /** The second since 1970; 0 for never. */
  long second(Instant now) {
    if (this == NEVER) {
      return 0;
    }
    long span = step.toSeconds();
    long end = now.plus(least).plusNanos(PARTS_OF_A_SECOND).getEpochSecond();
    return Math.multiplyExact((end + span - 1) / span, span);
  }
}

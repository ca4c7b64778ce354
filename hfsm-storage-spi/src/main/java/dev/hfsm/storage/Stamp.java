package dev.hfsm.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * What makes a storage key fresh: when it was made, on the ledger's clock, and 64 random bits. The
 * time tells the sweep which keys are too young to judge.
 *
 * @param at the ledger's time, in whole milliseconds
 * @param salt random bits
 */
public record Stamp(Instant at, long salt) {

  /**
   * How long an object that no row names is left alone. A key is admitted or published only within
   * the first half of it, so that the sweep can never meet a key that is about to be named.
   */
  public static final Duration SWEEP_WINDOW = Duration.ofHours(24);

  private static final long MAX_MILLIS = (1L << 44) - 1;

  /** Cuts {@code at} to milliseconds. */
  public Stamp {
    at = Instant.ofEpochMilli(at.toEpochMilli());
    if (at.toEpochMilli() < 0 || at.toEpochMilli() > MAX_MILLIS) {
      throw new IllegalArgumentException("stamp: expected a time from 1970 to 2527, found " + at);
    }
  }

  /** A stamp for a key made now, on the ledger's clock. */
  public static Stamp of(Instant ledgerNow, RandomGenerator random) {
    return new Stamp(ledgerNow, random.nextLong());
  }

  /** Whether a key of this stamp is too old to be admitted or published at {@code ledgerNow}. */
  public boolean isStale(Instant ledgerNow) {
    return at.plus(SWEEP_WINDOW.dividedBy(2)).isBefore(ledgerNow);
  }

  /** 27 lower-case hex characters: 11 of milliseconds, 16 of salt. */
  @Override
  public String toString() {
    return "%011x%016x".formatted(at.toEpochMilli(), salt);
  }

  static Stamp parse(String text) {
    return new Stamp(
        Instant.ofEpochMilli(Long.parseUnsignedLong(text.substring(0, 11), 16)),
        Long.parseUnsignedLong(text.substring(11), 16));
  }
}

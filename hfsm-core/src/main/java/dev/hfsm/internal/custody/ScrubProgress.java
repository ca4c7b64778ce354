package dev.hfsm.internal.custody;

import dev.hfsm.custody.Mode;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.model.Cursor;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a scrub has come, as it is noted for whoever resumes it. Its text form is the components
 * in their order, separated by spaces.
 */
record ScrubProgress(
    Instant began,
    double sample,
    long seed,
    Mode mode,
    long blobs,
    long bytes,
    long originals,
    long variants,
    long unreadables,
    Cursor after) {

  private static final int FIELDS = 10;

  static ScrubProgress fresh(ScrubOptions options, Instant now) {
    return new ScrubProgress(
        now, options.sample(), options.seed(), options.mode(), 0, 0, 0, 0, 0, Cursor.START);
  }

  /** Empty for what is none, as when nothing was broken off. */
  static Optional<ScrubProgress> parse(String text) {
    String[] f = text.split(" ", -1);
    if (f.length != FIELDS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ScrubProgress(
              Instant.parse(f[0]),
              Double.parseDouble(f[1]),
              Long.parseLong(f[2]),
              Mode.valueOf(f[3]),
              Long.parseLong(f[4]),
              Long.parseLong(f[5]),
              Long.parseLong(f[6]),
              Long.parseLong(f[7]),
              Long.parseLong(f[8]),
              new Cursor(f[9])));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  boolean isOfTheSameScrub(ScrubProgress other) {
    return sample == other.sample && seed == other.seed && mode == other.mode;
  }

  ScrubProgress at(Cursor next) {
    return with(blobs, bytes, originals, variants, unreadables, next);
  }

  ScrubProgress looked(long size) {
    return with(blobs + 1, bytes + size, originals, variants, unreadables, after);
  }

  ScrubProgress original() {
    return with(blobs, bytes, originals + 1, variants, unreadables, after);
  }

  ScrubProgress variant() {
    return with(blobs, bytes, originals, variants + 1, unreadables, after);
  }

  ScrubProgress unreadable() {
    return with(blobs, bytes, originals, variants, unreadables + 1, after);
  }

  private ScrubProgress with(long b, long size, long o, long v, long u, Cursor at) {
    return new ScrubProgress(began, sample, seed, mode, b, size, o, v, u, at);
  }

  @Override
  public String toString() {
    return began
        + " "
        + sample
        + " "
        + seed
        + " "
        + mode
        + " "
        + blobs
        + " "
        + bytes
        + " "
        + originals
        + " "
        + variants
        + " "
        + unreadables
        + " "
        + after.after();
  }
}

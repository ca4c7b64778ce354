package dev.hfsm.internal.work;

import java.time.Duration;

/**
 * Spaces calls by what they cost, but lets them run ahead of that for a while: some go as they
 * come, then each waits for its time, and pauses earn the lead again. Times are as {@link
 * System#nanoTime} tells them. Not thread-safe.
 *
 * <p>It is the generic cell rate algorithm (ITU-T I.371, virtual scheduling).
 */
final class Pace {

  private final long lead;

  /** When the next call would be due if none ran ahead. */
  private long due;

  /**
   * Nothing was called yet.
   *
   * @param lead how far calls may run ahead
   * @param now what time it is
   */
  Pace(Duration lead, long now) {
    this.lead = lead.toNanos();
    this.due = now;
  }

  /** In how many nanoseconds the next call may be made; 0 or less if it may be now. */
  long until(long now) {
    return due - lead - now;
  }

  /** A call is made, and no other is due for so long. */
  void called(long now, Duration cost) {
    due = (due - now > 0 ? due : now) + cost.toNanos();
  }
}

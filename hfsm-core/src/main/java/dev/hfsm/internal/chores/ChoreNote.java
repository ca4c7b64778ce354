package dev.hfsm.internal.chores;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * What the ledger remembers about a chore: when it came to its end last, and how far it is. Its
 * text form is {@code <instant or -> <progress>}.
 *
 * @param ended on the clock of the node that did it; {@link Instant#MIN} if never
 * @param progress what the chore noted itself
 */
public record ChoreNote(Instant ended, String progress) {

  /** Nothing was ever noted. */
  public static final ChoreNote NONE = new ChoreNote(Instant.MIN, "");

  private static final String NEVER = "-";

  /** Reads the text form. What is none is progress without an end: nothing is lost by it. */
  public static ChoreNote parse(String text) {
    int gap = text.indexOf(' ');
    if (gap < 0) {
      return new ChoreNote(Instant.MIN, text);
    }
    String ended = text.substring(0, gap);
    try {
      Instant at = ended.equals(NEVER) ? Instant.MIN : Instant.parse(ended);
      return new ChoreNote(at, text.substring(gap + 1));
    } catch (DateTimeException e) {
      return new ChoreNote(Instant.MIN, text);
    }
  }

  /** The same with other progress. */
  public ChoreNote with(String next) {
    return new ChoreNote(ended, next);
  }

  /** The same with an end at {@code now}. */
  public ChoreNote finished(Instant now) {
    return new ChoreNote(now, progress);
  }

  /** Whether to begin again; an end that is still to come was noted by a clock that is wrong. */
  public boolean isDue(Duration every, Instant now) {
    return ended.isAfter(now) || ended.equals(Instant.MIN) || !now.isBefore(ended.plus(every));
  }

  /** The text form. */
  @Override
  public String toString() {
    return (ended.equals(Instant.MIN) ? NEVER : ended) + " " + progress;
  }
}

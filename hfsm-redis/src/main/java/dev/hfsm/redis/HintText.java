package dev.hfsm.redis;

import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Hints as the scripts write them: the time in 16 digits, the priority, a space, the subject. Times
 * are milliseconds since 1970, of what is yet to come rounded up, so that nothing is due too early;
 * what is before 1970 or beyond what a script can count is put at that border.
 */
final class HintText {

  static final int DIGITS = 16;

  /** The largest whole number that a score holds exactly. */
  private static final long LATEST = (1L << 53) - 1;

  /** A one before the digits keeps the zeros at their beginning. */
  private static final long BEFORE_DIGITS = 10_000_000_000_000_000L;

  private static final Instant LAST = Instant.ofEpochMilli(LATEST);

  private HintText() {}

  static String time(Instant time) {
    return Long.toString(BEFORE_DIGITS + millis(time)).substring(1);
  }

  /**
   * The same as it is known at {@code now}: what is due by then is not put off by a rounding, for
   * which a waiting poll would have to look a second time.
   */
  static String time(Instant time, Instant now) {
    return time(time.isAfter(now) ? time : time.truncatedTo(ChronoUnit.MILLIS));
  }

  static long millis(Instant time) {
    if (time.isBefore(Instant.EPOCH)) {
      return 0;
    }
    if (time.isAfter(LAST)) {
      return LATEST;
    }
    long millis = time.toEpochMilli();
    return time.getNano() % 1_000_000 == 0 ? millis : Math.min(LATEST, millis + 1);
  }

  static String of(Hint hint) {
    return time(hint.notBefore()) + hint.priority() + " " + hint.subject();
  }

  static Hint parse(String text) {
    int space = text.indexOf(' ', DIGITS);
    return new Hint(
        Subject.parse(text.substring(space + 1)),
        Instant.ofEpochMilli(Long.parseLong(text, 0, DIGITS, 10)),
        Integer.parseInt(text, DIGITS, space, 10));
  }
}

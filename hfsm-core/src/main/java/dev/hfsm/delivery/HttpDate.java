package dev.hfsm.delivery;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/** Times as header fields tell them (RFC 9110, section 5.6.7), to the second. */
final class HttpDate {

  private static final DateTimeFormatter FIXED = form("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
  private static final DateTimeFormatter ASCTIME = form("EEE MMM d HH:mm:ss yyyy");
  private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private HttpDate() {}

  private static DateTimeFormatter form(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** Two digits are a year that is at most 50 years away. */
  private static DateTimeFormatter twoDigits() {
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, LocalDate.now(ZoneOffset.UTC).minusYears(49))
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }

  /** The preferred form, or one of the two older ones; else nothing. */
  static Optional<Instant> parse(String text) {
    // One form has two spaces before a day of one digit, of which some servers hand over one.
    String date = text.strip().replace("  ", " ");
    DateTimeFormatter form =
        date.indexOf('-') >= 0 ? twoDigits() : date.indexOf(',') == 3 ? FIXED : ASCTIME;
    try {
      return Optional.of(Instant.from(form.parse(date)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The preferred form; by hand, because every answer has one. */
  static String text(Instant time) {
    LocalDateTime t = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(29);
    text.append(DAYS[t.getDayOfWeek().ordinal()]).append(", ");
    two(text, t.getDayOfMonth()).append(' ');
    text.append(MONTHS[t.getMonthValue() - 1]).append(' ');
    two(text, t.getYear() / 100);
    two(text, t.getYear() % 100).append(' ');
    two(text, t.getHour()).append(':');
    two(text, t.getMinute()).append(':');
    return two(text, t.getSecond()).append(" GMT").toString();
  }

  private static StringBuilder two(StringBuilder text, int value) {
    return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
  }
}

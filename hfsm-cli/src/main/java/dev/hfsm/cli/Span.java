package dev.hfsm.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time: a number with s, m, h or d. */
final class Span implements ITypeConverter<Duration> {

  private static final Pattern TEXT = Pattern.compile("(0|[1-9][0-9]{0,8})([smhd])");

  @Override
  public Duration convert(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      throw new TypeConversionException("expected a time like 90s, 30m, 24h or 7d, found " + text);
    }
    long number = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}

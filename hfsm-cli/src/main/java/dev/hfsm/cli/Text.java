package dev.hfsm.cli;

import java.util.Locale;

/** Text for people. */
final class Text {

  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

  private Text() {}

  /** One line, whatever the text holds: control characters are shown as escapes. */
  static String line(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                  if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                    line.append("\\u%04x".formatted(c));
                  } else {
                    line.appendCodePoint(c);
                  }
                }
              }
            });
    return line.toString();
  }

  /** Bytes with a unit of a thousand, for instance {@code 4.2 MB}. */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  /** {@code 1 file}, {@code 2 files}. */
  static String count(long n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }
}

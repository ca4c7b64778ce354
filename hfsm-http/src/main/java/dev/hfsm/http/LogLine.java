package dev.hfsm.http;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the access log: {@code client method path status bytes milliseconds outcome}. Whoever
 * has a signature can read what it signs, so none is written down; nor is a query.
 */
final class LogLine {

  private static final int MOST = 300;
  private static final String MASK = "***";

  /** What stands behind a key's id, whether or not it is a signature. */
  private static final Pattern AFTER_KEY = Pattern.compile("(?<=/)([a-z0-9]{1,8})\\.[^/]{20,}");

  /** As long as a signature and no digest, wherever it stands. */
  private static final Pattern LONG =
      Pattern.compile("(?<![\\w-])(?![0-9a-f]{64}(?![\\w-]))[\\w-]{40,}");

  private LogLine() {}

  /**
   * @param status 0 if none was sent
   * @param bytes of the body that were sent
   */
  static String of(
      String client,
      String method,
      String path,
      int status,
      long bytes,
      long nanos,
      String outcome) {
    return String.format(
        Locale.ROOT,
        "%s %s %s %s %d %.2f %s",
        client,
        plain(method),
        path(path),
        status == 0 ? "-" : status,
        bytes,
        nanos / 1e6,
        outcome);
  }

  private static String path(String raw) {
    int query = raw.indexOf('?');
    String path = query < 0 ? raw : raw.substring(0, query);
    Matcher keys = AFTER_KEY.matcher(path);
    String masked = LONG.matcher(keys.replaceAll("$1." + MASK)).replaceAll(MASK);
    return plain(masked) + (query < 0 ? "" : "?" + MASK);
  }

  /** Nothing that a terminal or a reader of fields would take for something else. */
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), MOST); i++) {
      char c = text.charAt(i);
      plain.append(c > ' ' && c < 0x7F ? c : '?');
    }
    return plain.isEmpty() ? "-" : plain.toString();
  }
}

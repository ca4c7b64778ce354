package dev.hfsm.model;

/** Makes text from outside safe to store in any database and to print on one line. */
final class PlainText {

  private static final int REPLACEMENT = 0xFFFD;

  private PlainText() {}

  /**
   * {@code text} cut to {@code max} UTF-16 units, with control characters and unpaired surrogates
   * replaced by U+FFFD.
   */
  static String clean(String text, int max) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), max));
    text.codePoints()
        .map(c -> Character.isISOControl(c) || isSurrogate(c) ? REPLACEMENT : c)
        .takeWhile(c -> clean.length() + Character.charCount(c) <= max)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isSurrogate(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }
}

package dev.hfsm.error;

/** A text form (digest, asset id, storage key, transformation) could not be parsed. */
public final class MalformedTextException extends HfsmException {

  /**
   * @param what the kind of text, for instance "digest" or the key of a transformation
   * @param expected what would have been accepted
   * @param found what was given
   */
  public MalformedTextException(String what, String expected, String found) {
    super(what + ": expected " + expected + ", found " + quote(found), null, false);
  }

  private static String quote(String found) {
    String shown = found.length() > 80 ? found.substring(0, 80) + "…" : found;
    StringBuilder quoted = new StringBuilder("\"");
    shown.codePoints().forEach(c -> quoted.appendCodePoint(isPrintable(c) ? c : 0xFFFD));
    return quoted.append("\"").toString();
  }

  private static boolean isPrintable(int c) {
    return !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
  }
}

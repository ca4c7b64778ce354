package dev.hfsm.model;

/**
 * The host's name for a claim on an asset, for instance {@code product/42/hero}. Within a scope a
 * name points at one asset; pointing it elsewhere is atomic. Names are data: they never become part
 * of a path, a storage key or a header.
 *
 * @param text 1 to 512 characters without control characters or unpaired surrogates; names starting
 *     with {@code ~} are HFSM's own
 */
public record ReferenceName(String text) implements Comparable<ReferenceName> {

  private static final int MAX_LENGTH = 512;
  private static final String IMPLICIT = "~";

  /** Validates {@code text}. */
  public ReferenceName {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "reference name: expected 1 to " + MAX_LENGTH + " characters, found " + text.length());
    }
    text.codePoints()
        .filter(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)
        .findFirst()
        .ifPresent(
            c -> {
              throw new IllegalArgumentException(
                  "reference name: expected no control characters, found U+%04X".formatted(c));
            });
  }

  /**
   * A name given by the host.
   *
   * @throws IllegalArgumentException if it is empty, too long, holds control characters, or starts
   *     with {@code ~}
   */
  public static ReferenceName of(String text) {
    if (text.startsWith(IMPLICIT)) {
      throw new IllegalArgumentException(
          "reference name: expected none that starts with ~, found " + text);
    }
    return new ReferenceName(text);
  }

  /**
   * The name held on behalf of an upload that gave none, so that only what was released is ever
   * collected.
   */
  public static ReferenceName implicit(Digest digest) {
    return new ReferenceName(IMPLICIT + digest.hex());
  }

  /** Whether HFSM holds this name on behalf of an upload that gave none. */
  public boolean isImplicit() {
    return text.startsWith(IMPLICIT);
  }

  @Override
  public int compareTo(ReferenceName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}

package dev.hfsm.model;

import dev.hfsm.error.MalformedTextException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the code that makes variants, and the version of what it puts out. The output version
 * changes only when output bytes change on purpose; it is part of every variant key.
 *
 * @param name 1 to 32 characters of {@code [a-z0-9-]} that start with a letter
 * @param outputVersion 1 or more
 */
public record TransformerId(String name, int outputVersion) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern TEXT = Pattern.compile("([a-z][a-z0-9-]{0,31})@([1-9][0-9]{0,8})");

  /** Validates both parts. */
  public TransformerId {
    if (!NAME.matcher(name).matches() || outputVersion < 1) {
      throw new IllegalArgumentException(
          "transformer id: expected [a-z][a-z0-9-]{0,31} and a version of 1 or more, found "
              + name
              + " and "
              + outputVersion);
    }
  }

  /**
   * Reads the text form {@code name@outputVersion}.
   *
   * @throws MalformedTextException if {@code text} is anything else
   */
  public static TransformerId parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      throw new MalformedTextException("transformer id", "name@version", text);
    }
    return new TransformerId(m.group(1), Integer.parseInt(m.group(2)));
  }

  /** The text form {@code name@outputVersion}. */
  @Override
  public String toString() {
    return name + "@" + outputVersion;
  }
}

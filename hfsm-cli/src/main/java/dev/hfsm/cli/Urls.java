package dev.hfsm.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** What URLs of stores, ledgers and queues have in common. */
final class Urls {

  private static final Pattern SECRET =
      Pattern.compile("[?&](password|sslpassword)=|//[^/?#]*:[^/?#]*@");

  private Urls() {}

  /** A path behind the scheme, taken literally. */
  static Path path(String text, String expected) {
    boolean hasHost = text.startsWith("//") && !text.startsWith("///");
    String literal = text.startsWith("///") ? text.substring(2) : text;
    if (literal.isEmpty() || hasHost) {
      throw new TypeConversionException(
          "expected " + expected + ", found " + (hasHost ? "a host" : "no path"));
    }
    try {
      return Path.of(literal);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("expected " + expected + ", found " + e.getMessage());
    }
  }

  /** Every user of the machine can read command lines. The secret itself is not repeated. */
  static void refuseSecret(String text, String instead) {
    if (SECRET.matcher(text).find()) {
      throw new TypeConversionException(
          "expected no password on the command line, where others can read it; " + instead);
    }
  }
}

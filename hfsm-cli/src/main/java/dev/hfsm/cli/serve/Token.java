package dev.hfsm.cli.serve;

import dev.hfsm.model.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** What a client has to know to use the API. Never prints itself by accident. */
public final class Token {

  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._~-]{16,200}");
  private static final int RANDOM_BYTES = 16;

  private final String text;

  private Token(String text) {
    this.text = text;
  }

  /**
   * A token that somebody has chosen.
   *
   * @throws IllegalArgumentException if it has fewer than 16 characters, or others than {@code
   *     [A-Za-z0-9._~-]}
   */
  public static Token of(String text) {
    if (!SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "token: expected 16 to 200 characters of [A-Za-z0-9._~-], found " + text.length());
    }
    return new Token(text);
  }

  /** A token that nobody can guess. */
  public static Token random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new Token(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** Whether it is this one; takes as long whatever is wrong about it. */
  boolean matches(String given) {
    return MessageDigest.isEqual(hash(text), hash(given));
  }

  private static byte[] hash(String text) {
    return Digest.ofContent(text.getBytes(StandardCharsets.UTF_8))
        .hex()
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The characters, for whoever is to have it. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "a token";
  }
}

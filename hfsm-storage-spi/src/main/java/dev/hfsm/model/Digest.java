package dev.hfsm.model;

import dev.hfsm.error.MalformedTextException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 content address of a blob (FIPS 180-4). Two blobs with equal digests are the same
 * blob.
 *
 * @param hex 64 lower-case hexadecimal characters
 */
public record Digest(String hex) implements Comparable<Digest> {

  private static final String PREFIX = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /** Validates the form of {@code hex}. */
  public Digest {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("expected 64 lower-case hex characters, found " + hex);
    }
  }

  /** The digest whose 32 raw bytes are given. */
  public static Digest of(byte[] sha256) {
    return new Digest(HexFormat.of().formatHex(sha256));
  }

  /** Hashes {@code content}. */
  public static Digest ofContent(byte[] content) {
    return of(newHash().digest(content));
  }

  /** A fresh SHA-256 computation; every Java platform has one. */
  public static MessageDigest newHash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform must offer SHA-256", e);
    }
  }

  /**
   * Reads the text form {@code sha256:<64 hex>}.
   *
   * @throws MalformedTextException if {@code text} is anything else
   */
  public static Digest parse(String text) {
    if (text.startsWith(PREFIX) && HEX.matcher(text.substring(PREFIX.length())).matches()) {
      return new Digest(text.substring(PREFIX.length()));
    }
    throw new MalformedTextException("digest", "sha256:<64 lower-case hex characters>", text);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  /** The text form {@code sha256:<64 hex>}. */
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}

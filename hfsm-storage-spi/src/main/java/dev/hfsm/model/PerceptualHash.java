package dev.hfsm.model;

import dev.hfsm.error.MalformedTextException;

/**
 * A 64-bit fingerprint of what a picture looks like; similar pictures differ in few bits.
 *
 * @param bits the 64 bits, first in the most significant place
 */
public record PerceptualHash(long bits) {

  /** In how many of the 64 bits the two differ. */
  public int distance(PerceptualHash other) {
    return Long.bitCount(bits ^ other.bits);
  }

  /**
   * Reads 16 lower-case hex characters.
   *
   * @throws MalformedTextException if {@code text} is anything else
   */
  public static PerceptualHash parse(String text) {
    if (!text.matches("[0-9a-f]{16}")) {
      throw new MalformedTextException("perceptual hash", "16 lower-case hex characters", text);
    }
    return new PerceptualHash(Long.parseUnsignedLong(text, 16));
  }

  /** 16 lower-case hex characters. */
  @Override
  public String toString() {
    return "%016x".formatted(bits);
  }
}

package dev.hfsm.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Names a variant of one content: asset bytes × transformation × transformer version. Equal keys
 * mean equal output.
 *
 * @param hash SHA-256 over the three parts, each preceded by its length in bytes as a big-endian
 *     32-bit integer, so that no two different triples read the same
 */
public record VariantKey(Digest hash) implements Comparable<VariantKey> {

  /**
   * The key of a variant.
   *
   * @param content digest of the asset's bytes
   * @param transformation canonical text of the transformation, {@code auto} values resolved
   * @param transformer who makes it
   */
  public static VariantKey of(Digest content, String transformation, TransformerId transformer) {
    MessageDigest hash = Digest.newHash();
    for (String part : new String[] {content.toString(), transformation, transformer.toString()}) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      hash.update(bytes);
    }
    return new VariantKey(Digest.of(hash.digest()));
  }

  /** The key whose 64 lower-case hex characters are given. */
  public static VariantKey ofHex(String hex) {
    return new VariantKey(new Digest(hex));
  }

  /** 64 lower-case hex characters. */
  public String hex() {
    return hash.hex();
  }

  @Override
  public int compareTo(VariantKey other) {
    return hash.compareTo(other.hash);
  }

  /** The same as {@link #hex()}. */
  @Override
  public String toString() {
    return hash.hex();
  }
}

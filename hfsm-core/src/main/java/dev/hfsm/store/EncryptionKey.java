package dev.hfsm.store;

import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that blobs are encrypted with, and its name.
 *
 * @param id 1 to 32 characters of {@code [a-z0-9._-]}; it stands in the clear in every blob
 * @param secret 32 bytes that are never used for anything else
 */
public record EncryptionKey(String id, SecretKey secret) {

  static final int MAX_ID = 32;
  private static final int LENGTH = 32;
  private static final Pattern ID = Pattern.compile("[a-z0-9._-]{1," + MAX_ID + "}");

  /** Checks the name, and that the secret can be read and has 32 bytes. */
  public EncryptionKey {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "encryption key, id: expected [a-z0-9._-]{1,32}, found " + id);
    }
    byte[] raw = secret.getEncoded();
    if (raw == null || raw.length != LENGTH) {
      throw new IllegalArgumentException(
          "encryption key "
              + id
              + ": expected a secret of 32 bytes, found "
              + (raw == null ? "one that cannot be read" : "one of " + raw.length));
    }
  }

  /** A key of these 32 bytes, which are copied. */
  public static EncryptionKey of(String id, byte[] secret) {
    return new EncryptionKey(id, new SecretKeySpec(secret, "AES"));
  }

  /** The name alone. */
  @Override
  public String toString() {
    return "encryption key " + id;
  }
}

package dev.hfsm.store;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.storage.StorageKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands in front of every encrypted blob, 88 bytes: magic and version, the name of the key
 * and what proves that one has the right key of that name, a salt and the start of the nonces.
 *
 * <p>Each blob is encrypted with a key of its own, derived from the named key and the salt (NIST SP
 * 800-108r1, counter mode with HMAC-SHA256), so that no two blobs share a key and a nonce however
 * many there are.
 */
final class Envelope {

  static final int LENGTH = 88;
  static final int PREFIX_LENGTH = 7;

  private static final byte[] MAGIC = {'H', 'F', 'S', 'E', 1};
  private static final int ID_LENGTH_AT = 5;
  private static final int ID_AT = 8;
  private static final int CHECK_AT = 40;
  private static final int CHECK_LENGTH = 8;
  private static final int SALT_AT = 48;
  private static final int SALT_LENGTH = 32;
  private static final int PREFIX_AT = 80;

  private final byte[] bytes;

  private Envelope(byte[] bytes) {
    this.bytes = bytes;
  }

  static Envelope fresh(EncryptionKey key, SecureRandom random) {
    byte[] salt = new byte[SALT_LENGTH];
    byte[] prefix = new byte[PREFIX_LENGTH];
    random.nextBytes(salt);
    random.nextBytes(prefix);
    return of(key, salt, prefix);
  }

  static Envelope of(EncryptionKey key, byte[] salt, byte[] prefix) {
    byte[] id = key.id().getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[LENGTH];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    bytes[ID_LENGTH_AT] = (byte) id.length;
    System.arraycopy(id, 0, bytes, ID_AT, id.length);
    System.arraycopy(check(key), 0, bytes, CHECK_AT, CHECK_LENGTH);
    System.arraycopy(salt, 0, bytes, SALT_AT, SALT_LENGTH);
    System.arraycopy(prefix, 0, bytes, PREFIX_AT, PREFIX_LENGTH);
    return new Envelope(bytes);
  }

  /**
   * @throws IntegrityException if {@code bytes} are no envelope that this version makes
   */
  static Envelope parse(byte[] bytes, StorageKey of) {
    boolean magic =
        bytes.length == LENGTH && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    int id = magic ? bytes[ID_LENGTH_AT] : 0;
    if (id < 1 || id > EncryptionKey.MAX_ID) {
      throw new IntegrityException(
          "blob " + of + ": expected one that was encrypted, found other bytes");
    }
    return new Envelope(bytes.clone());
  }

  String keyId() {
    return new String(bytes, ID_AT, bytes[ID_LENGTH_AT], StandardCharsets.ISO_8859_1);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  byte[] prefix() {
    return Arrays.copyOfRange(bytes, PREFIX_AT, PREFIX_AT + PREFIX_LENGTH);
  }

  /**
   * The key of the blob.
   *
   * @throws BlobStoreException if {@code key} is not the one of that name that the blob was
   *     encrypted with: the blob cannot be read, which does not mean that it is damaged
   */
  SecretKey derive(EncryptionKey key, StorageKey of) {
    if (!Arrays.equals(check(key), 0, CHECK_LENGTH, bytes, CHECK_AT, CHECK_AT + CHECK_LENGTH)) {
      throw new BlobStoreException(
          "blob "
              + of
              + ": expected the "
              + key
              + " that it was encrypted with, found another of that name",
          null,
          false);
    }
    ByteBuffer context = ByteBuffer.allocate(SALT_LENGTH + Integer.BYTES);
    context.put(bytes, SALT_AT, SALT_LENGTH).putInt(Byte.SIZE * SALT_LENGTH);
    return new SecretKeySpec(prf(key, "hfsm-blob-1", context.array()), "AES");
  }

  private static byte[] check(EncryptionKey key) {
    return prf(key, "hfsm-check-1", new byte[0]);
  }

  private static byte[] prf(EncryptionKey key, String label, byte[] context) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.secret().getEncoded(), "HmacSHA256"));
      mac.update(new byte[] {0, 0, 0, 1});
      mac.update(label.getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) 0);
      return mac.doFinal(context);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform must offer HmacSHA256", e);
    }
  }
}

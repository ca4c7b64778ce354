package dev.hfsm.store;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.storage.StorageKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals and opens the segments of one blob with AES-256-GCM, after the STREAM construction (Hoang,
 * Reyhanitabar, Rogaway, Vizár, CRYPTO 2015): the nonce of a segment is the blob's prefix, the
 * segment's number, and whether it is the last. The envelope and the storage key are authenticated
 * with each segment, so none can be altered, moved, left out, or taken from another blob or key.
 * Not thread-safe.
 */
final class SegmentCipher {

  private final Cipher cipher;
  private final SecretKey secret;
  private final byte[] prefix;
  private final byte[] authenticated;
  private final StorageKey key;

  SegmentCipher(Envelope envelope, SecretKey secret, StorageKey key) {
    this.secret = secret;
    this.prefix = envelope.prefix();
    this.key = key;
    byte[] text = key.text().getBytes(StandardCharsets.US_ASCII);
    this.authenticated =
        ByteBuffer.allocate(Envelope.LENGTH + text.length).put(envelope.bytes()).put(text).array();
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform must offer AES in GCM mode", e);
    }
  }

  /** Which place a segment has. */
  enum Place {
    WITHIN,
    LAST
  }

  /** Writes {@code length} bytes and a tag to the start of {@code block}; returns how many. */
  int seal(long number, Place place, byte[] plain, int length, byte[] block) {
    try {
      prepare(Cipher.ENCRYPT_MODE, number, place);
      return cipher.doFinal(plain, 0, length, block, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("segment " + number + " of " + key + " was not sealed", e);
    }
  }

  /**
   * Opens the first {@code length} bytes of {@code block}, tag included; returns how many bytes
   * they held.
   *
   * @throws IntegrityException if they are not what was sealed in that place of this blob
   */
  int open(long number, Place place, byte[] block, int length, byte[] plain) {
    try {
      prepare(Cipher.DECRYPT_MODE, number, place);
      return cipher.doFinal(block, 0, length, plain, 0);
    } catch (AEADBadTagException e) {
      throw new IntegrityException(
          "blob "
              + key
              + ": expected segment "
              + number
              + (place == Place.LAST ? ", the last one," : "")
              + " as it was encrypted, found other bytes",
          e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("segment " + number + " of " + key + " was not opened", e);
    }
  }

  private void prepare(int mode, long number, Place place) throws GeneralSecurityException {
    byte last = (byte) (place == Place.LAST ? 1 : 0);
    ByteBuffer nonce = ByteBuffer.allocate(Envelope.PREFIX_LENGTH + Integer.BYTES + 1);
    nonce.put(prefix).putInt((int) number).put(last);
    cipher.init(mode, secret, new GCMParameterSpec(Byte.SIZE * Segments.TAG, nonce.array()));
    cipher.updateAAD(authenticated);
    cipher.updateAAD(ByteBuffer.allocate(Long.BYTES + 1).putLong(number).put(last).flip());
  }
}

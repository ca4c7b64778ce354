package dev.hfsm.s3;

/** How the server encrypts what it keeps. */
public sealed interface Encryption {

  /** As the bucket says. */
  static Encryption ofTheBucket() {
    return new OfTheBucket();
  }

  /** With keys that S3 manages (SSE-S3). */
  static Encryption managed() {
    return new Managed();
  }

  /**
   * With a key of AWS KMS (SSE-KMS); the policy has to allow its use for encrypting and decrypting.
   *
   * @param keyId id, alias or ARN of the key
   */
  static Encryption kms(String keyId) {
    return new Kms(keyId);
  }

  /** As the bucket says. */
  record OfTheBucket() implements Encryption {}

  /** SSE-S3. */
  record Managed() implements Encryption {}

  /**
   * SSE-KMS.
   *
   * @param keyId id, alias or ARN of the key
   */
  record Kms(String keyId) implements Encryption {

    /** Refuses a blank key. */
    public Kms {
      if (keyId.isBlank()) {
        throw new IllegalArgumentException("KMS key: expected an id, alias or ARN, found nothing");
      }
    }
  }
}

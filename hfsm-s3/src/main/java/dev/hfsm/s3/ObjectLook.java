package dev.hfsm.s3;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.model.Digest;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Looks at objects without reading them. Thread-safe. */
final class ObjectLook {

  private final S3Client client;
  private final ObjectRequests requests;
  private final S3Errors errors;

  ObjectLook(S3Client client, ObjectRequests requests, S3Errors errors) {
    this.client = client;
    this.requests = requests;
    this.errors = errors;
  }

  /**
   * What the server says about an object.
   *
   * @param checksum its SHA-256 in the form of S3, of all bytes or, with a number of parts behind a
   *     dash, of the checksums of the parts; null if the server keeps none
   * @param contentHash what was said about it when it was made; null if nothing was
   */
  record Seen(
      long size, String entityTag, @Nullable String checksum, @Nullable String contentHash) {

    private static final String DASH = "-";

    /** The SHA-256 of all bytes, if the server itself took it. */
    Optional<String> wholeChecksum() {
      return Optional.ofNullable(checksum).filter(text -> !text.contains(DASH));
    }

    /**
     * Whether this can only be the blob that was sent under the fresh key.
     *
     * @param composite the checksum of its parts, or null if it was sent in one
     */
    boolean is(BlobRef blob, @Nullable String composite) {
      if (size != blob.size()) {
        return false;
      }
      if (checksum == null) {
        return blob.digest().toString().equals(contentHash);
      }
      return checksum.equals(ObjectRequests.checksum(blob.digest()))
          || checksum.equals(composite)
          || composite == null
              && checksum.contains(DASH)
              && blob.digest().toString().equals(contentHash);
    }
  }

  /** Empty if there is no such object. A bucket that is not there is an error. */
  Optional<Seen> at(StorageKey key) {
    Action action = new Action("looking at " + key, "s3:GetObject and s3:ListBucket");
    try {
      return head(action, key);
    } catch (SdkException e) {
      if (!S3Errors.isWithoutWords(e)) {
        throw errors.translate(action, e);
      }
      askForWords(action, key);
      return again(action, key);
    }
  }

  private Optional<Seen> again(Action action, StorageKey key) {
    try {
      return head(action, key);
    } catch (SdkException e) {
      throw errors.translate(action, e);
    }
  }

  private Optional<Seen> head(Action action, StorageKey key) {
    try {
      HeadObjectResponse head =
          client.headObject(
              r ->
                  r.bucket(requests.bucket())
                      .key(requests.name(key))
                      .checksumMode(ChecksumMode.ENABLED));
      Long size = head.contentLength();
      if (size == null) {
        throw errors.of(action, "expected its size, found no Content-Length", false);
      }
      return Optional.of(
          new Seen(
              size,
              head.eTag(),
              head.checksumSHA256(),
              head.metadata().get(ObjectRequests.CONTENT_HASH)));
    } catch (SdkException e) {
      if (S3Errors.isStatus(e, 404)) {
        requireBucket(action);
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * A refusal of a look has no body, so it does not tell a wrong clock from a wrong key, or a
   * session that is over from another region. That of a read does; and the client learns the
   * server's time from it. Returns if the read is not refused.
   */
  private void askForWords(Action action, StorageKey key) {
    try {
      client
          .getObject(r -> r.bucket(requests.bucket()).key(requests.name(key)).range("bytes=0-0"))
          .abort();
    } catch (SdkException e) {
      if (!S3Errors.isStatus(e, 404) && !S3Errors.isStatus(e, 416)) {
        throw errors.translate(action, e);
      }
    }
  }

  /** An answer without a body does not tell whether the object is missing or the bucket. */
  private void requireBucket(Action action) {
    try {
      client.headBucket(r -> r.bucket(requests.bucket()));
    } catch (SdkException e) {
      if (S3Errors.isStatus(e, 404)) {
        throw new BlobStoreException(
            errors
                .of(action, "there is no such bucket; check the setting bucket", false)
                .getMessage(),
            e,
            false);
      }
      throw errors.translate(action, e);
    }
  }

  /** Whether the server itself says that the object has this digest. */
  static boolean isVouchedFor(Seen seen, Digest digest) {
    return seen.wholeChecksum().filter(ObjectRequests.checksum(digest)::equals).isPresent();
  }
}

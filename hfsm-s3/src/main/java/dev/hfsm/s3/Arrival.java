package dev.hfsm.s3;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.s3.ObjectLook.Seen;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Finds out what became of a request that stores a blob, when its answer was lost or says that the
 * key is taken. Keys are fresh, so what lies under one is what was sent, or a law was broken; size
 * and checksum tell. Thread-safe.
 */
final class Arrival {

  private final ObjectLook look;
  private final S3Errors errors;

  Arrival(ObjectLook look, S3Errors errors) {
    this.look = look;
    this.errors = errors;
  }

  /**
   * Whether the blob is there although the request failed. False if the failure says by itself that
   * nothing was stored.
   *
   * @param composite the checksum of the checksums of its parts, or null if it went in one
   * @throws BlobStoreException if other bytes are there, or if it cannot be found out
   */
  boolean isThere(
      Action action, StorageKey key, BlobRef blob, @Nullable String composite, SdkException why) {
    if (!isWorthALook(why)) {
      return false;
    }
    Optional<Seen> seen;
    try {
      seen = look.at(key);
    } catch (BlobStoreException e) {
      BlobStoreException unknown =
          new BlobStoreException(
              errors.translate(action, why).getMessage() + "; what became of it is unknown",
              why,
              true);
      unknown.addSuppressed(e);
      throw unknown;
    }
    if (seen.isPresent() && !seen.get().is(blob, composite)) {
      throw errors.of(
          action,
          "expected a key that was never used, found other bytes under it: " + seen.get(),
          false);
    }
    return seen.isPresent();
  }

  private static boolean isWorthALook(SdkException e) {
    return S3Errors.isOpen(e)
        || S3Errors.isStatus(e, 412)
        || S3Errors.isStatus(e, 409)
        || isGone(e);
  }

  /** An upload that is no longer there was completed, or aborted. */
  private static boolean isGone(SdkException e) {
    return S3Errors.isStatus(e, 404) && !S3Errors.isCode(e, "NoSuchBucket");
  }

  /** What to throw when it is not there. */
  BlobStoreException failure(Action action, SdkException why) {
    return S3Errors.isStatus(why, 412) || isGone(why)
        ? errors.of(action, "the server is of two minds about the key; put again", true)
        : errors.translate(action, why);
  }
}

package dev.hfsm.s3;

import dev.hfsm.s3.ObjectRequests.Guard;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Stores a blob by one request whose checksum is the digest, so that the server verifies the whole
 * of it. Thread-safe.
 */
final class SinglePut {

  private final S3Client client;
  private final ObjectRequests requests;
  private final Arrival arrival;
  private final S3Errors errors;

  SinglePut(S3Client client, ObjectRequests requests, Arrival arrival, S3Errors errors) {
    this.client = client;
    this.requests = requests;
    this.arrival = arrival;
    this.errors = errors;
  }

  void put(Action action, StorageKey key, BlobRef blob, ByteSource content, Guard guard) {
    try (Sending sending = Sending.verifiedByTheServer(blob, content)) {
      try {
        if (blob.size() == 0) {
          sending.verify(); // nobody asks for a body of no bytes
        }
        client.putObject(
            requests.put(key, blob, guard),
            RequestBody.fromContentProvider(sending, blob.size(), ObjectRequests.typeOf(key)));
      } catch (SourceFailure e) {
        throw e.asIntegrityException();
      } catch (SdkException e) {
        settle(action, key, blob, sending, e);
      }
    }
  }

  private static void requireRight(Sending sending) {
    try {
      sending.verify();
    } catch (SourceFailure found) {
      throw found.asIntegrityException();
    }
  }

  /** Returns if the blob is there all the same. */
  private void settle(
      Action action, StorageKey key, BlobRef blob, Sending sending, SdkException e) {
    SourceFailure failure = sending.failure().orElse(null);
    if (failure != null && !sending.wasPassedOnWhole()) {
      throw failure.asIntegrityException(); // no request had all its bytes
    }
    if (failure == null) {
      UnsupportedGuard.check(e);
      if (S3Errors.isStatus(e, 400)) {
        requireRight(sending); // the server has found something else: here, or on the way?
      }
    }
    if (arrival.isThere(action, key, blob, null, e)) {
      return;
    }
    throw failure == null
        ? arrival.failure(action, e)
        : errors.of(action, "an answer was lost, and then the source failed: " + failure, true);
  }
}

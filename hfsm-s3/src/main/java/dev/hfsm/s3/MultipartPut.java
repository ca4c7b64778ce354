package dev.hfsm.s3;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.model.Digest;
import dev.hfsm.s3.ObjectRequests.Guard;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Stores a blob in parts, one after the other. The server verifies the SHA-256 of each part, and
 * keeps the SHA-256 of those; that the parts make up the blob is verified here, before the last of
 * them is sent. One part is held in memory, so a part is sent again without asking the source.
 * Thread-safe.
 */
final class MultipartPut {

  private static final Logger LOG = LoggerFactory.getLogger(MultipartPut.class);
  private static final int PART = 8 << 20;
  private static final int MAX_PARTS = 10_000;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;
  private static final Duration INTERRUPTED_PATIENCE = Duration.ofSeconds(10);

  private final S3Client client;
  private final ObjectRequests requests;
  private final Arrival arrival;
  private final S3Errors errors;

  MultipartPut(S3Client client, ObjectRequests requests, Arrival arrival, S3Errors errors) {
    this.client = client;
    this.requests = requests;
    this.arrival = arrival;
    this.errors = errors;
  }

  void put(Action action, StorageKey key, BlobRef blob, ByteSource content, Guard guard) {
    int size = partSize(action, blob.size());
    try (Sending sending = Sending.hashed(blob, content)) {
      byte[] part = new byte[size]; // before there is anything to abort
      InputStream in = sending.newStream();
      new Upload(action, key, blob, guard, begin(action, key, blob)).run(in, part);
    } catch (SourceFailure e) {
      throw e.asIntegrityException();
    }
  }

  private int partSize(Action action, long size) {
    long part = Math.max(PART, (size + MAX_PARTS - 1) / MAX_PARTS);
    if (part > LARGEST_ARRAY) {
      throw errors.of(
          action, "expected at most 10,000 parts of 2 GiB, found " + size + " bytes", false);
    }
    return (int) part;
  }

  private String begin(Action action, StorageKey key, BlobRef blob) {
    try {
      return client.createMultipartUpload(requests.multipart(key, blob)).uploadId();
    } catch (SdkException e) {
      throw errors.translate(action, e);
    }
  }

  /** An upload that was begun: it ends completed or aborted. For one thread. */
  private final class Upload {
    private final Action action;
    private final StorageKey key;
    private final BlobRef blob;
    private final Guard guard;
    private final String id;
    private final List<CompletedPart> parts = new ArrayList<>();
    private final MessageDigest composite = Digest.newHash();

    Upload(Action action, StorageKey key, BlobRef blob, Guard guard, String id) {
      this.action = action;
      this.key = key;
      this.blob = blob;
      this.guard = guard;
      this.id = id;
    }

    void run(InputStream in, byte[] buffer) {
      boolean sent = false;
      try {
        sendAll(in, buffer);
        sent = true;
      } finally {
        if (!sent) {
          abort();
        }
      }
      complete();
    }

    private void sendAll(InputStream in, byte[] buffer) {
      long left = blob.size();
      while (left > 0) {
        int length = (int) Math.min(buffer.length, left);
        fill(in, buffer, length);
        send(buffer, length);
        left -= length;
      }
    }

    private static void fill(InputStream in, byte[] buffer, int length) {
      try {
        in.readNBytes(buffer, 0, length);
      } catch (IOException e) {
        throw new SourceFailure("the source failed", e);
      }
    }

    private void send(byte[] buffer, int length) {
      MessageDigest hash = Digest.newHash();
      hash.update(buffer, 0, length);
      byte[] sum = hash.digest();
      composite.update(sum);
      String checksum = Base64.getEncoder().encodeToString(sum);
      int number = parts.size() + 1;
      try {
        String entityTag =
            client
                .uploadPart(
                    r ->
                        r.bucket(requests.bucket())
                            .key(requests.name(key))
                            .uploadId(id)
                            .partNumber(number)
                            .contentLength((long) length)
                            .checksumSHA256(checksum),
                    RequestBody.fromContentProvider(
                        () -> new ByteArrayInputStream(buffer, 0, length),
                        length,
                        ObjectRequests.typeOf(key)))
                .eTag();
        parts.add(
            CompletedPart.builder()
                .partNumber(number)
                .eTag(entityTag)
                .checksumSHA256(checksum)
                .build());
      } catch (SdkException e) {
        throw errors.translate(action, e);
      }
    }

    /** The commit point: when this request succeeds, the blob is there. */
    private void complete() {
      try {
        client.completeMultipartUpload(
            r ->
                r.bucket(requests.bucket())
                    .key(requests.name(key))
                    .uploadId(id)
                    .ifNoneMatch(guard.header())
                    .multipartUpload(m -> m.parts(parts)));
      } catch (SdkException e) {
        settle(e);
      }
    }

    private void settle(SdkException e) {
      String checksum = Base64.getEncoder().encodeToString(composite.digest()) + "-" + parts.size();
      if (isThere(checksum, e)) {
        return;
      }
      // An abort and a completion that is still under way exclude each other.
      boolean aborted = abort();
      UnsupportedGuard.check(e);
      if (arrival.isThere(action, key, blob, checksum, e)) {
        return;
      }
      BlobStoreException failure = arrival.failure(action, e);
      throw aborted || failure.retryable()
          ? failure
          : new BlobStoreException(failure.getMessage(), e, true);
    }

    /** If that cannot be found out, the upload is aborted; if it was completed, that is in vain. */
    private boolean isThere(String checksum, SdkException e) {
      boolean known = false;
      try {
        boolean there = arrival.isThere(action, key, blob, checksum, e);
        known = true;
        return there;
      } finally {
        if (!known) {
          abort();
        }
      }
    }

    /**
     * Parts that stay behind are invisible, and cost storage until a rule of the bucket ends it. So
     * a thread that was interrupted aborts as well, but does not wait for long.
     */
    private boolean abort() {
      boolean interrupted = Thread.interrupted(); // or the client would refuse
      try {
        return abort(interrupted ? INTERRUPTED_PATIENCE : null);
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    /**
     * @param patience how long it may take at most; null for as long as any request
     */
    private boolean abort(@Nullable Duration patience) {
      try {
        client.abortMultipartUpload(
            r ->
                r.bucket(requests.bucket())
                    .key(requests.name(key))
                    .uploadId(id)
                    .overrideConfiguration(o -> o.apiCallTimeout(patience)));
        return true;
      } catch (SdkException e) {
        if (S3Errors.isStatus(e, 404)) {
          return true;
        }
        LOG.warn("could not abort the upload {} of {}: {}", id, key, e.toString());
        return false;
      }
    }
  }
}

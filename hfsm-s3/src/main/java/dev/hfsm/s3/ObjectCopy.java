package dev.hfsm.s3;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.s3.ObjectLook.Seen;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Copies inside the bucket. What is copied is known by the checksum that the server took itself, or
 * else by reading it; the copy is bound to the entity tag that was seen then. What is too large for
 * one request is read and put. Thread-safe.
 */
final class ObjectCopy implements ServerCopy {

  private static final int BLOCK = 64 * 1024;

  private final S3Client client;
  private final ObjectRequests requests;
  private final ObjectLook look;
  private final Arrival arrival;
  private final BlobStore store;

  ObjectCopy(
      S3Client client, ObjectRequests requests, ObjectLook look, Arrival arrival, BlobStore store) {
    this.client = client;
    this.requests = requests;
    this.look = look;
    this.arrival = arrival;
    this.store = store;
  }

  @Override
  public void copy(StorageKey from, StorageKey to, BlobRef expected) {
    Seen seen = look.at(from).orElseThrow(() -> new BlobNotFoundException(from.text()));
    if (seen.size() != expected.size()) {
      throw new IntegrityException(
          "copying " + from + ": expected " + expected + ", found " + seen.size() + " bytes");
    }
    if (expected.size() > ObjectRequests.LARGEST_REQUEST) {
      store.put(to, expected, new Stored(store, from, expected.size()));
      return;
    }
    requireDigest(from, seen, expected);
    copy(from, seen, to, expected);
  }

  private void requireDigest(StorageKey from, Seen seen, BlobRef expected) {
    Optional<String> vouched = seen.wholeChecksum();
    boolean right =
        vouched.isPresent()
            ? vouched.get().equals(ObjectRequests.checksum(expected.digest()))
            : digestOf(from).equals(expected.digest());
    if (!right) {
      throw new IntegrityException(
          "copying " + from + ": expected " + expected.digest() + ", found other bytes");
    }
  }

  private Digest digestOf(StorageKey key) {
    MessageDigest hash = Digest.newHash();
    byte[] block = new byte[BLOCK];
    try (InputStream in = store.open(key, ByteRange.ALL)) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        hash.update(block, 0, n);
      }
    } catch (IOException e) {
      throw new BlobStoreException("reading " + key + ": " + e.getMessage(), e, true);
    }
    return Digest.of(hash.digest());
  }

  private void copy(StorageKey from, Seen seen, StorageKey to, BlobRef expected) {
    Action action = new Action("copying " + from + " to " + to, "s3:GetObject and s3:PutObject");
    try {
      client.copyObject(requests.copy(from, seen.entityTag(), to, expected));
    } catch (SdkException e) {
      if (S3Errors.isStatus(e, 412)) {
        throw new IntegrityException("copying " + from + ": it was changed meanwhile");
      }
      if (S3Errors.isStatus(e, 404) && look.at(from).isEmpty()) {
        throw new BlobNotFoundException(from.text());
      }
      if (!arrival.isThere(action, to, expected, null, e)) {
        throw arrival.failure(action, e);
      }
    }
  }

  private record Stored(BlobStore store, StorageKey key, long size) implements ByteSource {
    @Override
    public InputStream open() {
      return store.open(key, ByteRange.ALL);
    }
  }
}

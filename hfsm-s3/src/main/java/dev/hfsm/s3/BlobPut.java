package dev.hfsm.s3;

import dev.hfsm.s3.ObjectRequests.Guard;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Stores blobs, in one request or in parts. Three parties verify: this process hashes what it sends
 * and withholds the end of anything else; the server compares what it got with the checksum sent
 * along; and a server that knows {@code If-None-Match} refuses a key that is taken. Thread-safe.
 */
final class BlobPut {

  private static final Logger LOG = LoggerFactory.getLogger(BlobPut.class);

  /** After an answer that told nothing. */
  private static final long ASK_AGAIN = TimeUnit.MINUTES.toNanos(1);

  private final SinglePut whole;
  private final MultipartPut parts;
  private final S3Errors errors;
  private final long multipartAbove;
  private final ConditionProbe probe;
  private final LongSupplier nanoTime;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Guard guard = Guard.IF_NONE_MATCH;
  private volatile boolean told;

  /** Whether the last answer told nothing, and when to ask again then; whoever asks has them. */
  private boolean unclear;

  private long askAt;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  BlobPut(
      S3Client client,
      S3Config config,
      ObjectRequests requests,
      Arrival arrival,
      S3Errors errors,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.whole = new SinglePut(client, requests, arrival, errors);
    this.parts = new MultipartPut(client, requests, arrival, errors);
    this.probe = new ConditionProbe(client, requests, errors);
    this.errors = errors;
    this.multipartAbove = config.multipartAbove();
  }

  /**
   * What the server may be asked for. It is asked if nothing that was put so far has told: whoever
   * signs for others cannot put a second time. While somebody asks, others do not wait for the
   * answer, and an answer that told nothing holds for a minute: then the server is taken for one
   * that knows the condition.
   *
   * @throws dev.hfsm.error.BlobStoreException if it has to be asked and gives no answer
   */
  Guard knownGuard() {
    if (!told && asking.tryLock()) {
      try {
        probe();
      } finally {
        asking.unlock();
      }
    }
    return guard;
  }

  private void probe() {
    if (told || unclear && nanoTime.getAsLong() - askAt < 0) {
      return;
    }
    Optional<Guard> answer = probe.ask();
    if (answer.isPresent()) {
      guard = answer.get();
      told = true;
    } else {
      unclear = true;
      askAt = nanoTime.getAsLong() + ASK_AGAIN;
    }
  }

  void put(StorageKey key, BlobRef blob, ByteSource content) {
    Action action = new Action("storing " + key, "s3:PutObject");
    Guard asked = guard;
    try {
      put(action, key, blob, content, asked);
      told = true;
    } catch (UnsupportedGuard e) {
      putUnguarded(action, key, blob, content, e);
    }
  }

  /** A server that does not know the condition stores without it; one that lacks more does not. */
  private void putUnguarded(
      Action action, StorageKey key, BlobRef blob, ByteSource content, UnsupportedGuard e) {
    try {
      put(action, key, blob, content, Guard.NONE);
    } catch (UnsupportedGuard again) {
      throw errors.translate(action, again.answer());
    }
    if (guard != Guard.NONE) {
      guard = Guard.NONE;
      told = true;
      LOG.info("the server does not know If-None-Match: {}", e.answer().getMessage());
    }
  }

  private void put(Action action, StorageKey key, BlobRef blob, ByteSource content, Guard asked) {
    if (blob.size() > multipartAbove) {
      parts.put(action, key, blob, content, asked);
    } else {
      whole.put(action, key, blob, content, asked);
    }
  }
}

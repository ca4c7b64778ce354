package dev.hfsm.storage;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.storage.Presigner.PresignedPut;
import java.time.Duration;
import java.util.Optional;

/**
 * Capability of a store into which others can bring blobs over HTTP, through addresses that are
 * signed for one blob and a limited time. A {@link Presigner} is one as well; a store that is put
 * together from others may know where a blob goes to, and not where each of them lies.
 */
@FunctionalInterface
public interface PutPresigner {

  /**
   * A request that stores a blob under a fresh key, once, and only if its bytes are the expected
   * ones: the store itself verifies size and digest, and refuses a second request where it can.
   *
   * @param validFor from one second to seven days; a transfer that has begun may end later
   * @throws LimitExceededException if the blob is larger than the store takes in one request
   */
  PresignedPut put(StorageKey key, BlobRef expected, Duration validFor);

  /** That of a store; its {@link Presigner} if it says no more. */
  static Optional<PutPresigner> of(BlobStore store) {
    return store.capability(PutPresigner.class).or(() -> store.capability(Presigner.class));
  }
}

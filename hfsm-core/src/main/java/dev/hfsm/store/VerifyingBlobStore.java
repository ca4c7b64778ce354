package dev.hfsm.store;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.Optional;

/**
 * Hashes again what is read. Who reads a whole blob gets its last byte only if all of it hashes to
 * what it must; else the read throws {@link IntegrityException}. So whoever met the end of the
 * stream has sound bytes, and whoever stopped before it has bytes that nobody vouches for.
 *
 * <p>Not verified: a range that does not cover the whole blob (a range from 0 that turns out to
 * cover it is), a stream that is closed before its end, and a key whose digest nobody knows.
 * Thread-safe if the store behind it is. It offers neither a local file nor a link for clients,
 * because those who use them read past it.
 */
public final class VerifyingBlobStore extends Decorator {

  private final ExpectedDigests expected;

  private VerifyingBlobStore(BlobStore store, ExpectedDigests expected) {
    super(store);
    this.expected = expected;
  }

  /** Verifies what is read from {@code store}, which is closed with this one. */
  public static VerifyingBlobStore over(BlobStore store, ExpectedDigests expected) {
    return new VerifyingBlobStore(store, expected);
  }

  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    Optional<Digest> digest = range.offset() == 0 ? expected.of(key) : Optional.empty();
    if (digest.isEmpty()) {
      return store.open(key, range);
    }
    // One byte more tells whether a range that ends somewhere ends where the blob does.
    long asked = range.length() == Long.MAX_VALUE ? Long.MAX_VALUE : range.length() + 1;
    InputStream in = store.open(key, new ByteRange(0, asked));
    return new VerifyingStream(in, range.length(), key, digest.get());
  }

  @Override
  public <C> Optional<C> capability(Class<C> type) {
    return type == BatchDelete.class || type == ServerCopy.class
        ? store.capability(type)
        : copiesBehind(type, behind -> over(behind, expected));
  }
}

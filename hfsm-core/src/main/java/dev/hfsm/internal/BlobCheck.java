package dev.hfsm.internal;

import dev.hfsm.custody.Finding;
import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.ledger.Kept;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.LocalCopies;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Hashes what lies under a key and compares it with what must lie there. For one thread. */
public final class BlobCheck {

  private static final int BUFFER = 1 << 16;

  private final BlobStore blobs;
  private final byte[] buffer = new byte[BUFFER];

  /** Reads from {@code blobs}, past any copies of this node. */
  public BlobCheck(BlobStore blobs) {
    this.blobs = blobs.capability(LocalCopies.class).map(LocalCopies::origin).orElse(blobs);
  }

  /**
   * What is wrong.
   *
   * @param cause why it could not be read, if it could not
   */
  public record Flaw(Finding.Kind kind, String message, @Nullable Exception cause) {}

  /** What is wrong with a blob, or null if it is sound. */
  public @Nullable Flaw check(Kept kept) {
    Flaw flaw = once(kept);
    // Bytes can be garbled on their way as well; nothing is called damaged for that.
    return flaw != null && flaw.kind() == Finding.Kind.DAMAGED ? once(kept) : flaw;
  }

  private @Nullable Flaw once(Kept kept) {
    try (InputStream in = blobs.open(kept.key(), ByteRange.ALL)) {
      return compare(kept, in);
    } catch (BlobNotFoundException e) {
      return new Flaw(Finding.Kind.MISSING, "expected an object, found none", null);
    } catch (IntegrityException e) {
      return damaged(String.valueOf(e.getMessage())); // a store that verifies by itself
    } catch (BlobStoreException | IOException | UncheckedIOException e) {
      return new Flaw(Finding.Kind.UNREADABLE, "could not be read: " + e.getMessage(), e);
    }
  }

  private @Nullable Flaw compare(Kept kept, InputStream in) throws IOException {
    MessageDigest hash = Digest.newHash();
    long expected = kept.blob().size();
    long count = 0;
    for (int n = in.read(buffer); n >= 0 && count <= expected; n = in.read(buffer)) {
      hash.update(buffer, 0, n);
      count += n;
    }
    if (count != expected) {
      String found = count > expected ? "more" : Long.toString(count);
      return damaged("expected " + expected + " bytes, found " + found);
    }
    Digest found = Digest.of(hash.digest());
    return found.equals(kept.blob().digest())
        ? null
        : damaged("expected " + kept.blob().digest() + ", found " + found);
  }

  private static Flaw damaged(String message) {
    return new Flaw(Finding.Kind.DAMAGED, message, null);
  }
}

package dev.hfsm.internal.custody;

import dev.hfsm.custody.Finding;
import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.internal.BlobCheck;
import dev.hfsm.internal.BlobCheck.Flaw;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.Kept;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.LocalCopies;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Copies single blobs from the pipeline's store into another, under their keys. Thread-safe. */
final class BlobCopy {

  private static final int ATTEMPTS = 3;
  private static final int BUFFER = 1 << 16;

  private final Settings settings;
  private final BlobStore source;
  private final BlobStore target;

  BlobCopy(Settings settings, BlobStore target) {
    this.settings = settings;
    this.source = origin(settings.blobs());
    this.target = target;
  }

  static BlobStore origin(BlobStore store) {
    return store.capability(LocalCopies.class).map(LocalCopies::origin).orElse(store);
  }

  /** What became of a blob. */
  enum Kind {
    COPIED,
    /** The ledger does not name it any more. */
    GONE,
    DAMAGED,
    MISSING,
    FAILED
  }

  /**
   * What became of a blob.
   *
   * @param message why it was not copied; empty if it was
   */
  record Outcome(Kind kind, String message) {

    /** What there is to tell; empty if nothing is wrong, or the key says nothing about an asset. */
    Optional<Finding> finding(Kept kept) {
      Finding.Kind what =
          switch (kind) {
            case DAMAGED -> Finding.Kind.DAMAGED;
            case MISSING -> Finding.Kind.MISSING;
            default -> Finding.Kind.UNREADABLE;
          };
      return kind == Kind.COPIED || kind == Kind.GONE
          ? Optional.empty()
          : kept.key()
              .parts()
              .map(
                  parts ->
                      new Finding(
                          what, parts.asset(), parts.variant().orElse(null), kept.key(), message));
    }
  }

  /** Copies one; the target verifies it while it takes it. */
  Outcome copy(Kept kept) {
    Outcome outcome = attempt(kept);
    for (int i = 1; i < ATTEMPTS && isWorthAnother(outcome); i++) {
      outcome = attempt(kept);
    }
    return outcome;
  }

  /** Copies whatever lies there, and has the target verify that it took just that. */
  Outcome copyAsItLies(Kept kept) {
    try {
      BlobRef found = found(kept.key());
      target.put(kept.key(), found, new Stored(source, new Kept(kept.key(), found)));
      return new Outcome(Kind.COPIED, "");
    } catch (BlobNotFoundException e) {
      return new Outcome(Kind.GONE, "");
    } catch (IntegrityException e) {
      return new Outcome(Kind.DAMAGED, "kept by a hold, not to be read: " + e.getMessage());
    } catch (BlobStoreException | IOException | UncheckedIOException e) {
      return new Outcome(Kind.FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** How many bytes lie in the target under a key; empty if nothing does. */
  OptionalLong sizeThere(StorageKey key) {
    for (int attempt = 1; ; attempt++) {
      try {
        return target
            .stat(key)
            .map(BlobStat::size)
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty());
      } catch (BlobStoreException e) {
        if (attempt == ATTEMPTS || !e.retryable() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  private BlobRef found(StorageKey key) throws IOException {
    MessageDigest hash = Digest.newHash();
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    try (InputStream in = source.open(key, ByteRange.ALL)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
        size += n;
      }
    }
    return new BlobRef(Digest.of(hash.digest()), size);
  }

  private static boolean isWorthAnother(Outcome outcome) {
    return outcome.kind() == Kind.FAILED && !Thread.currentThread().isInterrupted();
  }

  private Outcome attempt(Kept kept) {
    try {
      target.put(kept.key(), kept.blob(), new Stored(source, kept));
      return new Outcome(Kind.COPIED, "");
    } catch (IntegrityException e) {
      return judge(kept, e);
    } catch (BlobStoreException e) {
      return new Outcome(Kind.FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** That bytes could not be read to their end says nothing about them. */
  private Outcome judge(Kept kept, IntegrityException refused) {
    Flaw flaw = new BlobCheck(source).check(kept);
    if (flaw == null) {
      return new Outcome(Kind.FAILED, String.valueOf(refused.getMessage()));
    }
    if (flaw.kind() == Finding.Kind.UNREADABLE) {
      return new Outcome(Kind.FAILED, flaw.message());
    }
    if (!settings.ledger().collector().named(List.of(kept.key())).contains(kept.key())) {
      return new Outcome(Kind.GONE, "");
    }
    boolean isMissing = flaw.kind() == Finding.Kind.MISSING;
    return new Outcome(isMissing ? Kind.MISSING : Kind.DAMAGED, flaw.message());
  }

  private record Stored(BlobStore store, Kept kept) implements ByteSource {
    @Override
    public long size() {
      return kept.blob().size();
    }

    @Override
    public InputStream open() {
      return store.open(kept.key(), ByteRange.ALL);
    }
  }
}

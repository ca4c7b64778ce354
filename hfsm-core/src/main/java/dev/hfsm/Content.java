package dev.hfsm;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.Presentation;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Bytes that are stored and can be read: an original or a variant. Thread-safe. */
public abstract sealed class Content permits Original, ReadyVariant {

  Content() {}

  /** What the bytes are. */
  public abstract MediaType mediaType();

  /** Number of bytes. */
  public abstract long size();

  /** Content address of the bytes. */
  public abstract Digest digest();

  /** Opens part of the bytes; the caller closes the stream. */
  public abstract InputStream open(ByteRange range);

  abstract BlobStore store();

  abstract StorageKey storageKey();

  /**
   * The file that holds the bytes, to be read only, if the store keeps plain files; empty as well
   * if it is not there, which {@link #open} knows more about.
   */
  public final Optional<Path> file() {
    return store().capability(LocalFile.class).flatMap(files -> files.path(storageKey()));
  }

  /**
   * An address from which anybody who has it can fetch the bytes from the store itself, if the
   * store has such addresses. It names the storage key, and whether there is anything is not
   * checked: see {@link #present}.
   *
   * @param validFor from one second to seven days
   * @param presentation what the store says about the bytes
   */
  public final Optional<URI> presigned(Duration validFor, Presentation presentation) {
    return store()
        .capability(Presigner.class)
        .map(presigner -> presigner.get(storageKey(), validFor, presentation));
  }

  /**
   * Makes sure that the bytes are where {@link #presigned} leads, by asking the store, and does
   * what {@link #open} would about it if they are not.
   *
   * @return this, or the same where it is now
   */
  public abstract Content present();

  /**
   * For who has read the stored bytes, past {@link #open}, and found that they are not these: notes
   * the damage of an original, so that it is not served and the next upload of the bytes heals it.
   *
   * @param difference what was expected and what was found
   * @return what to throw
   */
  public IntegrityException damaged(String difference) {
    return new IntegrityException("the stored bytes of " + storageKey() + ": " + difference);
  }

  /** Opens all of the bytes; the caller closes the stream. */
  public final InputStream open() {
    return open(ByteRange.ALL);
  }

  /** Writes all of the bytes to {@code out}, which stays open, and says how many there were. */
  public final long transferTo(OutputStream out) throws IOException {
    try (InputStream in = open()) {
      return in.transferTo(out);
    }
  }
}

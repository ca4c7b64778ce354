package dev.hfsm.internal.work;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.internal.DamageNotes;
import dev.hfsm.internal.Spool;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives transformers a local file to read: the store's own where it has one, else a copy in the
 * spool whose digest is checked while it is made.
 */
final class Sources {

  private static final int BUFFER = 1 << 16;

  private final BlobStore blobs;
  private final Spool spool;
  private final DamageNotes damages;

  Sources(BlobStore blobs, Spool spool, DamageNotes damages) {
    this.damages = damages;
    this.blobs = blobs;
    this.spool = spool;
  }

  /** A source and, if a copy was made for it, the copy to delete. */
  record Borrowed(Source source, Optional<Path> copy) implements AutoCloseable {
    @Override
    public void close() {
      copy.ifPresent(Spool::deleteQuietly);
    }
  }

  /** The type that was read from the asset's bytes at ingest. */
  static MediaType typeOf(AssetRow asset) {
    return asset.facts().get(Fact.MEDIA_TYPE).orElse(MediaType.OCTET_STREAM);
  }

  Borrowed borrow(AssetRow asset, Budget budget) {
    Optional<Path> local = blobs.capability(LocalFile.class).flatMap(l -> l.path(asset.key()));
    // What is made of damaged bytes would be kept under the name of sound ones.
    local.ifPresent(file -> verify(asset, file, budget));
    Path file = local.orElseGet(() -> copy(asset, budget));
    return new Borrowed(
        new Source(typeOf(asset), asset.facts(), file),
        local.isPresent() ? Optional.empty() : Optional.of(file));
  }

  private void verify(AssetRow asset, Path file, Budget budget) {
    try (InputStream in = Files.newInputStream(file)) {
      transfer(asset, in, OutputStream.nullOutputStream(), budget);
    } catch (IOException e) {
      throw new BlobStoreException("cannot read " + asset.id() + ": " + e, e, true);
    }
  }

  private Path copy(AssetRow asset, Budget budget) {
    Path file = spool.newFile();
    boolean complete = false;
    try (InputStream in = open(asset);
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
      transfer(asset, in, out, budget);
      complete = true;
      return file;
    } catch (BlobNotFoundException missing) {
      String message = "the stored bytes of " + asset.id() + " are missing";
      boolean current = damages.met(asset, DamageNotes.MISSING, "expected an object, found none");
      throw current ? new IntegrityException(message, missing) : replaced(asset);
    } catch (IOException e) {
      throw new BlobStoreException("cannot copy " + asset.id() + " from the store: " + e, e, true);
    } finally {
      if (!complete) {
        Spool.deleteQuietly(file);
      }
    }
  }

  /** A store that verifies by itself may find damage when it is opened, or at any read. */
  private InputStream open(AssetRow asset) {
    try {
      return blobs.open(asset.key(), ByteRange.ALL);
    } catch (IntegrityException e) {
      throw damaged(asset, "are damaged: " + e.getMessage(), e.getMessage());
    }
  }

  private int read(AssetRow asset, InputStream in, byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IntegrityException e) {
      throw damaged(asset, "are damaged: " + e.getMessage(), e.getMessage());
    }
  }

  private void transfer(AssetRow asset, InputStream in, OutputStream out, Budget budget)
      throws IOException {
    MessageDigest hash = Digest.newHash();
    byte[] buffer = new byte[BUFFER];
    for (int n = read(asset, in, buffer); n >= 0; n = read(asset, in, buffer)) {
      budget.check();
      hash.update(buffer, 0, n);
      out.write(buffer, 0, n);
    }
    Digest found = Digest.of(hash.digest());
    if (!found.equals(asset.id().digest())) {
      throw damaged(asset, "hash to " + found, "hashes to " + found);
    }
  }

  private HfsmException damaged(AssetRow asset, String message, @Nullable String found) {
    boolean current = damages.met(asset, DamageNotes.DAMAGED, String.valueOf(found));
    return current
        ? new IntegrityException("the stored bytes of " + asset.id() + " " + message)
        : replaced(asset);
  }

  /** An upload brought other bytes while these were being worked on: the next attempt has them. */
  private static TransformationException replaced(AssetRow asset) {
    return new TransformationException(
        "the stored bytes of " + asset.id() + " were just replaced", null, true);
  }
}

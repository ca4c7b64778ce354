package dev.hfsm.filesystem;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.filesystem.DiskCalls.WritableFile;
import dev.hfsm.internal.VerifiedContent;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.ByteSource.SpooledFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Brings bytes to their place: write aside and verify, sync the file, rename, sync the directory.
 */
final class FileIntake {

  /** No put stands still for so long. If one did, it finds its file gone and fails. */
  private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  private final DiskCalls disk;
  private final Path temporaries;
  private final DurableDirectories directories;

  FileIntake(DiskCalls disk, Path temporaries, DurableDirectories directories) {
    this.disk = disk;
    this.temporaries = temporaries;
    this.directories = directories;
  }

  void store(Path target, BlobRef expected, ByteSource content) throws IOException {
    Optional<SpooledFile> spooled = fileOf(content);
    if (spooled.isEmpty() || !takeOver(target, expected, spooled.get())) {
      copy(target, expected, content);
    }
  }

  private static Optional<SpooledFile> fileOf(ByteSource content) {
    try {
      return content.file();
    } catch (RuntimeException e) {
      throw new IntegrityException("blob content: the source cannot name its file", e);
    }
  }

  private void copy(Path target, BlobRef expected, ByteSource content) throws IOException {
    Path temporary = temporaries.resolve(UUID.randomUUID().toString());
    WritableFile file = disk.create(temporary);
    try {
      try (file) {
        VerifiedContent.copy(
            expected, content, (block, n) -> writeAll(file, ByteBuffer.wrap(block, 0, n)));
        file.force();
      }
      rename(temporary, target);
    } catch (Throwable e) {
      Suppressing.run(e, () -> disk.delete(temporary));
      throw e;
    }
    commit(target);
  }

  private static void writeAll(WritableFile file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (file.write(bytes) <= 0) {
        throw new IOException("the disk takes no more bytes and does not say why");
      }
    }
  }

  /**
   * Returns false if the file has to be copied: it lies on another file system, is a link, or may
   * not be written.
   */
  private boolean takeOver(Path target, BlobRef expected, SpooledFile spooled) throws IOException {
    if (!spooled.measured().equals(expected)) {
      throw new IntegrityException(
          "spooled file: expected " + expected + ", found one measured as " + spooled.measured());
    }
    BasicFileAttributes attributes = attributesOf(spooled);
    if (!attributes.isRegularFile()) {
      return false;
    }
    if (attributes.size() != expected.size()) {
      throw new IntegrityException(
          "spooled file: expected the "
              + expected.size()
              + " bytes measured, found "
              + attributes.size());
    }
    try (WritableFile file = disk.reopen(spooled.path())) {
      forceOrDiscard(file, spooled);
    } catch (AccessDeniedException e) {
      return false;
    }
    try {
      rename(spooled.path(), target);
    } catch (AtomicMoveNotSupportedException e) {
      return false;
    }
    try {
      commit(target);
    } catch (IOException e) {
      throw lost(spooled, e);
    }
    return true;
  }

  private BasicFileAttributes attributesOf(SpooledFile spooled) {
    try {
      return disk.attributes(spooled.path());
    } catch (IOException e) {
      throw new IntegrityException("spooled file: cannot be looked at", e);
    }
  }

  private void forceOrDiscard(WritableFile file, SpooledFile spooled) {
    try {
      file.force();
    } catch (IOException e) {
      Suppressing.run(e, () -> disk.delete(spooled.path()));
      throw lost(spooled, e);
    }
  }

  private static BlobStoreException lost(SpooledFile spooled, IOException e) {
    // The same call cannot succeed any more, whatever becomes of the disk: its source is gone. If
    // the file could not be discarded, the outcome is open.
    return new BlobStoreException(
        DiskErrors.translate("syncing spooled file " + spooled.path(), e).getMessage()
            + "; the file was discarded, its bytes have to be brought again",
        e,
        e.getSuppressed().length > 0);
  }

  private void rename(Path from, Path target) throws IOException {
    Path directory = target.getParent();
    directories.ensure(directory);
    try {
      disk.rename(from, target);
    } catch (NoSuchFileException e) {
      // Either somebody cleared up directories by hand, or the file itself is gone.
      directories.forget();
      directories.ensure(directory);
      disk.rename(from, target);
    }
  }

  /** The commit point: the name is durable when this returns, and gone when it throws. */
  private void commit(Path target) throws IOException {
    try {
      disk.forceDirectory(target.getParent());
    } catch (Throwable e) {
      Suppressing.run(e, () -> disk.delete(target));
      throw e;
    }
  }

  /** Removes what processes left that died while they were writing. */
  void removeAbandoned(Instant now) throws IOException {
    for (String name : disk.names(temporaries)) {
      Path file = temporaries.resolve(name);
      try {
        BasicFileAttributes attributes = disk.attributes(file);
        Instant abandoned = attributes.lastModifiedTime().toInstant().plus(ABANDONED_AFTER);
        if (attributes.isRegularFile() && abandoned.isBefore(now)) {
          disk.delete(file);
        }
      } catch (NoSuchFileException e) {
        continue; // another process was faster, or finished its put
      }
    }
  }
}

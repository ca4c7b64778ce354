package dev.hfsm.filesystem;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.internal.BoundedFileStream;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Keeps blobs as plain files: the blob of a key lies at {@code <root>/objects/<key>}, what is being
 * written at {@code <root>/tmp}. Thread-safe; several processes may share a root, on a file system
 * that renames atomically.
 *
 * <p>A blob is durable when {@link #put} returns: its file, the directory it was renamed into and
 * the parents of new directories have been synced, in an order in which no crash can leave an
 * incomplete file under a key. (On Windows a directory cannot be opened for that; there the file
 * system's own journal has to do.) A deletion is durable as well when {@link #delete} returns, so
 * that what was purged does not come back. What is not promised: that a key can be stored while
 * another key starts with it and a slash; that empty directories go away. They are left on purpose:
 * a process remembers which directories are durable, and one that another process removed and a
 * third made again would be remembered as durable before it is. There are at most 65,536 of them
 * for originals in a scope, and one for each asset that ever had a variant.
 *
 * <p>A file offered by a source is taken over with the permissions it has, if it lies on the same
 * file system. If it cannot be synced it is deleted: what a disk says about the same file a second
 * time cannot be trusted.
 */
public final class FileSystemBlobStore implements BlobStore {

  private final DiskCalls disk;
  private final Path objects;
  private final FileIntake intake;

  private FileSystemBlobStore(DiskCalls disk, Path root, DurableDirectories directories) {
    this.disk = disk;
    this.objects = root.resolve("objects");
    this.intake = new FileIntake(disk, root.resolve("tmp"), directories);
  }

  /**
   * Opens the store in a directory, which is created if it does not exist. Removes temporary files
   * that nobody has written to for a day.
   *
   * @throws BlobStoreException if the directory cannot be created or used
   */
  public static FileSystemBlobStore open(Path root) {
    return open(root, new SystemDisk(), InstantSource.system());
  }

  static FileSystemBlobStore open(Path root, DiskCalls disk, InstantSource clock) {
    try {
      Path real = createRoot(disk, root.toAbsolutePath().normalize());
      DurableDirectories directories = new DurableDirectories(disk, real);
      directories.ensure(real.resolve("objects"));
      // Nothing in it has to survive, so neither has the directory.
      directories.make(real.resolve("tmp"));
      FileSystemBlobStore store = new FileSystemBlobStore(disk, real, directories);
      store.intake.removeAbandoned(clock.instant());
      return store;
    } catch (IOException e) {
      throw DiskErrors.translate("opening " + root, e);
    }
  }

  private static Path createRoot(DiskCalls disk, Path root) throws IOException {
    Path existing = root;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    Path base = existing.toRealPath();
    syncEntry(disk, base);
    Path real = base.resolve(existing.relativize(root)).normalize();
    new DurableDirectories(disk, base).ensure(real);
    return real;
  }

  /** Who made the directory may have died, or not have thought of making it durable. */
  private static void syncEntry(DiskCalls disk, Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      try {
        disk.forceDirectory(parent);
      } catch (AccessDeniedException e) {
        // Somebody else's directory, and so is the care for its entries.
      }
    }
  }

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    try {
      intake.store(pathOf(key), expected, content);
    } catch (IOException e) {
      throw DiskErrors.translate("storing " + key, e);
    }
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    return fileOf(key).map(attributes -> new BlobStat(attributes.size()));
  }

  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    BasicFileAttributes attributes =
        fileOf(key).orElseThrow(() -> new BlobNotFoundException(key.text()));
    try {
      return openAt(pathOf(key), range, attributes.size());
    } catch (IOException e) {
      if (DiskErrors.isAbsence(e)) {
        throw new BlobNotFoundException(key.text()); // deleted since it was looked at
      }
      throw DiskErrors.translate("reading " + key, e);
    }
  }

  private InputStream openAt(Path file, ByteRange range, long size) throws IOException {
    SeekableByteChannel channel = disk.openForReading(file);
    try {
      channel.position(Math.min(range.offset(), size));
      return new BoundedFileStream(channel, range.lengthIn(size));
    } catch (IOException | RuntimeException e) {
      Suppressing.run(e, channel::close);
      throw e;
    }
  }

  @Override
  public boolean delete(StorageKey key) {
    try {
      // A directory is no blob, and deleting an empty one would pull it from under a put.
      Path file = pathOf(key);
      boolean deleted = fileOf(key).isPresent() && disk.delete(file);
      if (deleted) {
        disk.forceDirectory(file.getParent());
      }
      return deleted;
    } catch (IOException e) {
      throw DiskErrors.translate("deleting " + key, e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Reads whole directories, but only those that can hold keys of this page.
   */
  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: expected 1 or more, found " + limit);
    }
    try {
      List<StorageKey> keys = new KeyScan(disk, prefix, after.after(), limit).run(objects);
      boolean full = keys.size() == limit;
      return new Page<>(keys, full ? new Cursor(keys.get(limit - 1).text()) : null);
    } catch (IOException e) {
      throw DiskErrors.translate("listing keys that start with \"" + prefix + "\"", e);
    }
  }

  /** Offers {@link LocalFile}. */
  @Override
  public <C> Optional<C> capability(Class<C> type) {
    LocalFile localFile = key -> fileOf(key).map(attributes -> pathOf(key));
    return type == LocalFile.class ? Optional.of(type.cast(localFile)) : Optional.empty();
  }

  /** Nothing is held between calls. Streams that are open stay open. */
  @Override
  public void close() {}

  private Path pathOf(StorageKey key) {
    return objects.resolve(key.text());
  }

  private Optional<BasicFileAttributes> fileOf(StorageKey key) {
    try {
      return Optional.of(disk.attributes(pathOf(key))).filter(BasicFileAttributes::isRegularFile);
    } catch (IOException e) {
      if (DiskErrors.isAbsence(e)) {
        requireObjects(key);
        return Optional.empty();
      }
      throw DiskErrors.translate("looking at " + key, e);
    }
  }

  /** A disk that is not mounted must not look like a store that has lost everything. */
  private void requireObjects(StorageKey key) {
    try {
      disk.attributes(objects);
    } catch (IOException e) {
      throw DiskErrors.translate("looking at " + key + ", whose store is gone", e);
    }
  }
}

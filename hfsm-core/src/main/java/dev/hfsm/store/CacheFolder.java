package dev.hfsm.store;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.internal.BoundedFileStream;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a cache: copies at {@code copies/<two hex>/<key with ~ for />}, what is being
 * written at {@code tmp}. A copy is the blob and 48 bytes that say how long it is and what it and
 * its key hash to. Nothing is synced: a copy that a crash has spoilt is noticed when it is first
 * used. Thread-safe, but for one process.
 */
final class CacheFolder implements AutoCloseable {

  static final int TRAILER = 48;

  private static final long MAGIC = 0x4846_534d_4350_5931L; // HFSMCPY1
  private static final int MAX_NAME = 255;
  private static final int BUFFER = 1 << 16;

  private final Path copies;
  private final Path temporaries;

  /**
   * What caches of this process have. Looked at before the file is opened: on POSIX, closing any
   * channel of a file drops the process's locks on it, also those got through another channel.
   */
  private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

  private final Path place;
  private final FileChannel lockFile;

  private CacheFolder(Path root, Path place, FileChannel lockFile) {
    this.place = place;
    this.copies = root.resolve("copies");
    this.temporaries = root.resolve("tmp");
    this.lockFile = lockFile;
  }

  /**
   * Takes the folder for this process and clears away what was being written when the last one
   * ended.
   *
   * @throws BlobStoreException if the folder cannot be used, or another process uses it
   */
  static CacheFolder open(Path folder) {
    Path root = folder.toAbsolutePath().normalize().resolve("hfsm-cache-1");
    try {
      Files.createDirectories(root.resolve("tmp"));
      Files.createDirectories(root.resolve("copies"));
      return taken(root, folder);
    } catch (IOException e) {
      throw new BlobStoreException("cannot use the cache folder " + folder + ": " + e, e, true);
    }
  }

  private static CacheFolder taken(Path root, Path folder) throws IOException {
    Path place = root.toRealPath();
    if (!TAKEN.add(place)) {
      throw inUse(folder);
    }
    FileChannel locked = null;
    try {
      locked = lock(root.resolve("lock"), folder);
      CacheFolder opened = new CacheFolder(root, place, locked);
      opened.clearTemporaries();
      return opened;
    } catch (IOException | RuntimeException e) {
      if (locked != null) {
        discardQuietly(locked);
      }
      TAKEN.remove(place);
      throw e;
    }
  }

  private static FileChannel lock(Path file, Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // this very process has it, by classes that were loaded once more
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw inUse(folder);
    }
    return channel;
  }

  private static BlobStoreException inUse(Path folder) {
    return new BlobStoreException(
        "cache folder "
            + folder
            + ": expected one that nobody uses, found it locked; give each process its own",
        null,
        true);
  }

  private void clearTemporaries() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(temporaries)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  /** Whether the key is short enough to be a file's name. */
  static boolean canKeep(StorageKey key) {
    return key.text().length() <= MAX_NAME;
  }

  /**
   * A copy that an earlier process left.
   *
   * @param length of its file
   */
  record Found(StorageKey key, long length) {}

  /** What earlier processes left, the oldest first. */
  List<Found> found() {
    record Dated(Found found, long millis) {}
    List<Dated> all = new ArrayList<>();
    try (DirectoryStream<Path> fans = Files.newDirectoryStream(copies, Files::isDirectory)) {
      for (Path fan : fans) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(fan)) {
          for (Path file : files) {
            BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
            keyOf(file)
                .ifPresent(
                    key ->
                        all.add(
                            new Dated(
                                new Found(key, seen.size()), seen.lastModifiedTime().toMillis())));
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new BlobStoreException("cannot read the cache folder " + copies + ": " + e, e, true);
    }
    return all.stream().sorted(Comparator.comparingLong(Dated::millis)).map(Dated::found).toList();
  }

  /** Empty for a file that this cache cannot have made; it is left alone. */
  private Optional<StorageKey> keyOf(Path file) {
    String text = file.getFileName().toString().replace('~', '/');
    return Optional.of(text)
        .filter(StorageKey::isValid)
        .map(StorageKey::new)
        .filter(key -> pathOf(key).equals(file));
  }

  private Path pathOf(StorageKey key) {
    String fan = Digest.ofContent(key.text().getBytes(StandardCharsets.US_ASCII)).hex();
    return copies.resolve(fan.substring(0, 2)).resolve(key.text().replace('/', '~'));
  }

  /** Writes a copy aside; {@link #keep} makes it one. */
  Path write(StorageKey key, InputStream in, long size) throws IOException {
    Path file = temporaries.resolve(UUID.randomUUID().toString());
    boolean complete = false;
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      MessageDigest hash = Digest.newHash();
      byte[] buffer = new byte[BUFFER];
      long count = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count += n;
        if (count > size) {
          break;
        }
        hash.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
      if (count != size) {
        throw new IOException("expected " + size + " bytes of " + key + ", found another number");
      }
      out.write(trailer(key, size, hash));
      complete = true;
      return file;
    } finally {
      if (!complete) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static byte[] trailer(StorageKey key, long size, MessageDigest hash) {
    hash.update(key.text().getBytes(StandardCharsets.US_ASCII));
    return ByteBuffer.allocate(TRAILER).putLong(MAGIC).putLong(size).put(hash.digest()).array();
  }

  /** Makes what was written aside the copy of {@code key}, in one step. */
  void keep(Path written, StorageKey key) throws IOException {
    Path target = pathOf(key);
    Files.createDirectories(target.getParent());
    Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether the copy is as it was written. */
  boolean isSound(StorageKey key) {
    try (InputStream in = Files.newInputStream(pathOf(key))) {
      long size = Files.size(pathOf(key)) - TRAILER;
      MessageDigest hash = Digest.newHash();
      byte[] buffer = new byte[BUFFER];
      long left = size;
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          return false;
        }
        hash.update(buffer, 0, n);
        left -= n;
      }
      return size >= 0 && Arrays.equals(in.readNBytes(TRAILER + 1), trailer(key, size, hash));
    } catch (IOException e) {
      return false;
    }
  }

  /** Opens a copy, or returns null if it is not there any more. */
  @Nullable InputStream open(StorageKey key, ByteRange range, long size) {
    FileChannel channel;
    try {
      channel = FileChannel.open(pathOf(key), StandardOpenOption.READ);
    } catch (IOException e) {
      return null;
    }
    try {
      channel.position(Math.min(range.offset(), size));
      return new BoundedFileStream(channel, range.lengthIn(size));
    } catch (IOException e) {
      discardQuietly(channel);
      return null;
    }
  }

  private static void discardQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It was not of use anyway.
    }
  }

  void delete(StorageKey key) throws IOException {
    Files.deleteIfExists(pathOf(key));
  }

  /** Gives the folder back; copies stay for the next process. */
  @Override
  public synchronized void close() throws IOException {
    if (lockFile.isOpen()) {
      try {
        lockFile.close();
      } finally {
        TAKEN.remove(place);
      }
    }
  }
}

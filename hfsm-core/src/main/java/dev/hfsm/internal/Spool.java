package dev.hfsm.internal;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds incoming bytes until they are stored, and learns their digest, number and first bytes in
 * the same single pass: less than 1 MiB in memory, more in a file. Thread-safe.
 */
public final class Spool {

  /** From how many bytes on a file is used. */
  public static final int MEMORY = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
  private static final String PREFIX = "spool-";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final int BUFFER = 1 << 16;

  /** How many of the first bytes tell what the rest is. */
  public static final int HEAD = 4096;

  private final Path folder;
  private final long maxBytes;
  private final Opener opener;

  /**
   * @param folder where files go; created when first needed
   * @param maxBytes how many bytes are taken at most
   */
  public Spool(Path folder, long maxBytes) {
    // Truncating, even what is empty, would make some file systems flush on close.
    this(folder, maxBytes, file -> Files.newOutputStream(file, StandardOpenOption.WRITE));
  }

  Spool(Path folder, long maxBytes, Opener opener) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.opener = opener;
  }

  /** How many bytes are taken at most. */
  public long maxBytes() {
    return maxBytes;
  }

  /** Opens an empty file for writing; tests give one whose disk fails. */
  @FunctionalInterface
  interface Opener {
    OutputStream open(Path file) throws IOException;
  }

  /** Opens the bytes to receive. */
  @FunctionalInterface
  public interface Incoming {
    /** Called once. */
    InputStream open() throws IOException;
  }

  /**
   * Reads a stream to its end and closes it.
   *
   * @throws LimitExceededException if it is empty or longer than allowed
   * @throws IntegrityException if it fails while being read or closed
   * @throws BlobStoreException if the spool cannot be written
   */
  public Spooled receive(Incoming incoming) {
    try (Reception reception = new Reception()) {
      Spooled spooled;
      try (InputStream in = open(incoming)) {
        spooled = reception.readAll(in);
      }
      reception.handOver();
      return spooled;
    } catch (IOException | UncheckedIOException e) {
      throw new IntegrityException("the upload could not be closed: " + reason(e), e);
    }
  }

  private static InputStream open(Incoming incoming) {
    try {
      return incoming.open();
    } catch (IOException | UncheckedIOException e) {
      throw new IntegrityException("the upload could not be opened: " + reason(e), e);
    }
  }

  /**
   * Deletes what a crash left here more than a sweep window ago, by the clock that dates files
   * here: a node whose own clock is wrong would delete what others, or it itself, are writing.
   */
  public void removeStale() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Path probe = null;
    try {
      probe = newFile();
      removeStale(Files.getLastModifiedTime(probe).toInstant());
    } catch (IOException | RuntimeException e) {
      LOG.warn("could not tell which files of the spool are stale: {}", e.toString());
    } finally {
      if (probe != null) {
        deleteQuietly(probe);
      }
    }
  }

  /** Deletes files that an earlier process left behind; young ones may belong to a living one. */
  void removeStale(Instant now) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(Stamp.SWEEP_WINDOW))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("could not clear stale files from the spool: {}", e.toString());
    }
  }

  /**
   * A new empty file in the spool's folder, with the permissions files usually get: a store may
   * take it over. The folder is the owner's alone if it has to be created.
   */
  public Path newFile() {
    try {
      createFolder();
      return Files.createFile(folder.resolve(PREFIX + UUID.randomUUID()));
    } catch (IOException e) {
      throw new BlobStoreException("cannot create a file in the spool: " + reason(e), e, true);
    }
  }

  private void createFolder() throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } else {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e; // else another thread was faster
      }
    }
  }

  /** What an I/O error says, with its kind where the message alone is just a file name. */
  private static String reason(Exception e) {
    return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
  }

  /** What was received. Closing deletes the file, if it is still there. */
  public record Spooled(BlobRef blob, byte[] head, ByteSource content) implements AutoCloseable {
    @Override
    public void close() {
      content.file().ifPresent(file -> deleteQuietly(file.path()));
    }
  }

  /** Deletes a file of the spool. Never throws; what stays goes with the stale ones. */
  public static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("could not delete a spool file: {}", e.toString());
    }
  }

  /** One upload under way. */
  private final class Reception implements AutoCloseable {

    private final MessageDigest hash = Digest.newHash();
    private byte[] memory = new byte[BUFFER];
    private int held;
    private long count;
    private byte[] head = new byte[0];
    private @Nullable Path file;
    private @Nullable OutputStream out;
    private boolean handedOver;

    private Spooled readAll(InputStream in) {
      while (fill(in)) {
        if (held == memory.length) {
          if (file == null && memory.length < MEMORY) {
            memory = Arrays.copyOf(memory, Math.min(MEMORY, memory.length * 4));
          } else {
            spill();
          }
        }
      }
      return finish();
    }

    /** Reads once into the free end of the buffer; false at the end of the stream. */
    private boolean fill(InputStream in) {
      int n;
      try {
        n = in.read(memory, held, Math.min(BUFFER, memory.length - held));
      } catch (IOException | UncheckedIOException e) {
        throw new IntegrityException(
            "the upload broke off after " + count + " bytes: " + reason(e), e);
      }
      if (n < 0) {
        return false;
      }
      hash.update(memory, held, n);
      held += n;
      count += n;
      if (count > maxBytes) {
        throw new LimitExceededException(
            "upload: expected at most " + maxBytes + " bytes, found more", false);
      }
      return true;
    }

    private void spill() {
      takeHead();
      try {
        if (out == null) {
          file = newFile();
          out = opener.open(file);
        }
        out.write(memory, 0, held);
      } catch (IOException e) {
        throw new BlobStoreException("cannot write the upload to the spool: " + reason(e), e, true);
      }
      // From now on small pieces that are still in the processor's cache when they are written.
      memory = memory.length == BUFFER ? memory : new byte[BUFFER];
      held = 0;
    }

    private void takeHead() {
      if (head.length == 0) {
        head = Arrays.copyOf(memory, Math.min(HEAD, held));
      }
    }

    private Spooled finish() {
      if (count == 0) {
        throw new LimitExceededException("upload: expected at least 1 byte, found none", false);
      }
      takeHead();
      BlobRef blob = new BlobRef(Digest.of(hash.digest()), count);
      if (file == null || out == null) {
        return new Spooled(blob, head, ByteSource.of(Arrays.copyOf(memory, held)));
      }
      spill();
      try {
        out.close();
      } catch (IOException e) {
        throw new BlobStoreException("cannot write the upload to the spool: " + reason(e), e, true);
      }
      return new Spooled(blob, head, new ByteSource.SpooledFile(file, blob));
    }

    /** From here on whoever holds the {@link Spooled} deletes the file. */
    private void handOver() {
      handedOver = true;
    }

    @Override
    public void close() {
      if (file == null || handedOver) {
        return;
      }
      try {
        if (out != null) {
          out.close();
        }
      } catch (IOException e) {
        LOG.debug("closing a spool file that is given up", e);
      }
      deleteQuietly(file);
    }
  }
}

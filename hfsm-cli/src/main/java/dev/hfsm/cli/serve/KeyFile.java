package dev.hfsm.cli.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/**
 * The secret that URLs are signed with: 32 random bytes in a file that its owner alone can read,
 * made when it is first needed. Whoever has it can read everything.
 */
public final class KeyFile {

  private static final int LENGTH = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private KeyFile() {}

  /** A secret for this process alone: what it signs is worth nothing afterwards. */
  public static byte[] passing() {
    byte[] secret = new byte[LENGTH];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  /**
   * The secret in a file, which is made if it is not there. Of several processes that begin at once
   * one makes it.
   *
   * @throws IOException if it cannot be read or made, has another length, or others can read it
   */
  public static byte[] readOrMake(Path file) throws IOException {
    if (!Files.exists(file)) {
      make(file);
    }
    requireOwnerOnly(file);
    byte[] secret = Files.readAllBytes(file);
    if (secret.length != LENGTH) {
      throw new IOException(
          "%s: expected %d bytes, found %d; without it, links that were given away end"
              .formatted(file, LENGTH, secret.length));
    }
    return secret;
  }

  /** It appears as a whole or not at all. */
  private static void make(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path fresh = Files.createTempFile(folder, ".key-", ".tmp", ownerOnly());
    try {
      try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.wrap(passing()));
        out.force(true);
      }
      putInPlace(fresh, file);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void putInPlace(Path fresh, Path file) throws IOException {
    try {
      Files.createLink(file, fresh); // unlike a move, never in place of another's
    } catch (FileAlreadyExistsException another) {
      // It is there, which is all that was wanted.
    } catch (UnsupportedOperationException | IOException noLinks) {
      moveInPlace(fresh, file);
    }
  }

  private static void moveInPlace(Path fresh, Path file) throws IOException {
    try {
      Files.move(fresh, file);
    } catch (FileAlreadyExistsException another) {
      // as above
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return isPosix()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  private static void requireOwnerOnly(Path file) throws IOException {
    if (!isPosix()) {
      return;
    }
    Set<PosixFilePermission> more = EnumSet.noneOf(PosixFilePermission.class);
    more.addAll(Files.getPosixFilePermissions(file));
    more.removeAll(OWNER_ONLY);
    more.remove(PosixFilePermission.OWNER_EXECUTE);
    if (!more.isEmpty()) {
      throw new IOException(
          file
              + ": expected that its owner alone can read it (chmod 600), found "
              + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
  }
}

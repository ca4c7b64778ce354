package dev.hfsm.cli;

import dev.hfsm.Content;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.UUID;

/** Writes content to a file as a whole or not at all; {@code -} is standard output. */
final class Destination {

  private static final Path STANDARD_OUTPUT = Path.of("-");

  private Destination() {}

  static boolean isStandardOutput(Path file) {
    return file.equals(STANDARD_OUTPUT);
  }

  static void write(Content content, Path file) throws IOException {
    if (isStandardOutput(file)) {
      copy(content, System.out);
      System.out.flush();
      return;
    }
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      // A pipe or a device such as /dev/null is written to; a rename would replace it.
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
        copy(content, out);
      }
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new Complaints.Complaint("-o: expected a file, found the folder " + file);
    }
    if (!Files.isDirectory(folder)) {
      throw new Complaints.Complaint("-o: there is no folder " + folder);
    }
    // Not createTempFile, which would leave the file unreadable for everyone else.
    Path part = folder.resolve(".hfsm-" + UUID.randomUUID() + ".part");
    try {
      try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW)) {
        copy(content, out);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Copies, and says so if the stored bytes are not what they should be. */
  private static void copy(Content content, OutputStream out) throws IOException {
    MessageDigest hash = Digest.newHash();
    try (InputStream in = new DigestInputStream(content.open(), hash)) {
      in.transferTo(out);
    }
    Digest found = Digest.of(hash.digest());
    if (!found.equals(content.digest())) {
      throw new IntegrityException(
          "the stored bytes are damaged: expected " + content.digest() + ", found " + found);
    }
  }
}

package dev.hfsm.cli;

import dev.hfsm.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
      content.transferTo(System.out);
      System.out.flush();
      return;
    }
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      // A pipe or a device such as /dev/null is written to; a rename would replace it.
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
        content.transferTo(out);
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
        content.transferTo(out);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}

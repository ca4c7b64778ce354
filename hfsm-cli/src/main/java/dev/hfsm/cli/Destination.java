package dev.hfsm.cli;

import dev.hfsm.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes content to a file as a whole or not at all; {@code -} is standard output. */
final class Destination {

  private static final Path STANDARD_OUTPUT = Path.of("-");

  private Destination() {}

  static void write(Content content, Path file) throws IOException {
    if (file.equals(STANDARD_OUTPUT)) {
      content.transferTo(System.out);
      System.out.flush();
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new Complaints.Complaint("-o: expected a file, found the folder " + file);
    }
    if (!Files.isDirectory(folder)) {
      throw new Complaints.Complaint("-o: there is no folder " + folder);
    }
    Path part = Files.createTempFile(folder, ".hfsm-", ".part");
    try {
      try (OutputStream out = Files.newOutputStream(part)) {
        content.transferTo(out);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}

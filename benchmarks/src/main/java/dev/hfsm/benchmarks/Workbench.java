package dev.hfsm.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of its own for what a benchmark writes; closing removes it with the files in it. */
final class Workbench implements AutoCloseable {

  private final Path folder;

  Workbench() throws IOException {
    folder = Files.createTempDirectory("hfsm-benchmark-");
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}

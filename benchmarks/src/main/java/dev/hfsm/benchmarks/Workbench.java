package dev.hfsm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder of its own for what a benchmark writes; closing removes it with all that is in it. */
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
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}

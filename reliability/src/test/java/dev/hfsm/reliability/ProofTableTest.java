package dev.hfsm.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs after every proof and puts their lines together: {@code target/reliability.md}, and with
 * {@code -Dhfsm.reliability.write=true} also {@code docs/reliability.md}, for which every part of
 * the proof must have been run.
 */
class ProofTableTest {

  private static final Set<String> PARTS = Set.of("a", "b", "c", "d", "e", "f", "g", "h", "i");

  private static final String HEAD =
      """
      # Reliability: what was run, and what was violated

      Nothing acknowledged is lost, nothing takes effect twice, nothing is stranded. This page is written by the
      tests that try to refute it; do not edit it.

      | command | |
      |---|---|
      | `./mvnw -pl reliability -am verify` | runs every proof in its short mode, as CI does |
      | `... -Dhfsm.proof=long` | runs the long mode |
      | `... -Dhfsm.seed=<number>` | repeats a run; every proof prints its seed |
      | `... -Dhfsm.reliability.write=true` | writes this page |

      Measured on %s.

      | part | proof | what was run | violated | mode | seed | seconds |
      |---|---|---|---|---|---|---|
      """;

  private final Path project = Path.of("").toAbsolutePath().getParent();

  @Test
  void everyProofThatWasRunFoundNothingAndStandsInTheTable() throws IOException {
    List<Properties> lines = lines();
    String page = HEAD.formatted(machine()) + rows(lines);
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target", "reliability.md"), page);
    System.out.println(page);
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line.getProperty("violated"))
                    .as(line.getProperty("name"))
                    .isEqualTo("0"));
    if (Boolean.getBoolean("hfsm.reliability.write")) {
      assertThat(parts(lines)).as("parts of the proof that were run").isEqualTo(PARTS);
      Files.writeString(project.resolve("docs").resolve("reliability.md"), page);
    }
  }

  private static Set<String> parts(List<Properties> lines) {
    return lines.stream()
        .map(line -> line.getProperty("item").substring(0, 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<Properties> lines() throws IOException {
    List<Properties> lines = new ArrayList<>();
    try (Stream<Path> modules = Files.list(project)) {
      for (Path folder : modules.map(m -> m.resolve("target").resolve("proof")).toList()) {
        if (Files.isDirectory(folder)) {
          read(folder, lines);
        }
      }
    }
    lines.sort(
        Comparator.comparing((Properties line) -> line.getProperty("item"))
            .thenComparing(line -> line.getProperty("name")));
    return lines;
  }

  private static void read(Path folder, List<Properties> lines) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".properties")).toList()) {
        Properties line = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
          line.load(in);
        }
        lines.add(line);
      }
    }
  }

  private static String rows(List<Properties> lines) {
    return lines.stream()
        .map(
            line ->
                Stream.of("item", "name", "ran", "violated", "mode", "seed", "seconds")
                    .map(line::getProperty)
                    .map(text -> text.replace("|", "\\|"))
                    .collect(Collectors.joining(" | ", "| ", " |\n")))
        .collect(Collectors.joining());
  }

  private static String machine() {
    return "JDK %s, %s %s, %d processors"
        .formatted(
            Runtime.version().feature(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors());
  }
}

package dev.hfsm.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs after every proof and puts their lines together: {@code target/reliability.md}, and with
 * {@code -Dhfsm.reliability.write=true} also {@code docs/reliability.md}, where the lines of parts
 * that were not run at length stay as they are.
 */
class ProofTableTest {

  private final Path project = Path.of("").toAbsolutePath().getParent();

  @Test
  void everyProofThatWasRunFoundNothingAndStandsInTheTable() throws IOException {
    ProofTests tests = ProofTests.of(project);
    ProofPage run = new ProofPage(lines());
    String table = run.text(tests.told(run.parts()));
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target", "reliability.md"), table);
    System.out.println(table);
    assertThat(run.lines())
        .allSatisfy(line -> assertThat(line.violated()).as(line.proof()).isEqualTo("0"));
    if (Boolean.getBoolean("hfsm.reliability.write")) {
      Path file = project.resolve("docs").resolve("reliability.md");
      ProofPage page = ProofPage.parse(Files.readString(file)).with(run.lines());
      assertThat(tests.byPart().keySet()).as("parts with a test").containsAll(page.parts());
      Files.writeString(file, page.text(tests.told(page.parts())));
    }
  }

  private List<ProofPage.Line> lines() throws IOException {
    List<ProofPage.Line> lines = new ArrayList<>();
    try (Stream<Path> modules = Files.list(project)) {
      for (Path folder : modules.map(m -> m.resolve("target").resolve("proof")).toList()) {
        if (Files.isDirectory(folder)) {
          read(folder, lines);
        }
      }
    }
    return lines;
  }

  private static void read(Path folder, List<ProofPage.Line> lines) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".properties")).toList()) {
        Properties line = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
          line.load(in);
        }
        lines.add(ProofPage.Line.of(line, machine()));
      }
    }
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

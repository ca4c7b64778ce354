package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.cli.Command.Document;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on other people's files, real and hostile, at a heap of 256 MB. */
class CorpusTest {

  private static final Path CORPUS = corpus();

  @TempDir Path folder;

  private static Path corpus() {
    String given = System.getenv("HFSM_CORPUS");
    return given == null ? Path.of("..", "..", "shared", "corpus") : Path.of(given);
  }

  @BeforeAll
  static void needsTheCorpus() {
    boolean there = Files.isDirectory(CORPUS);
    if (!there) {
      System.out.println(
          "SKIPPED: CorpusTest needs the test corpus beside the checkout (../shared/corpus)");
    }
    Assumptions.assumeTrue(there, "no test corpus");
  }

  private Command ingest(Path... paths) throws Exception {
    Object[] args = new Object[paths.length + 4];
    args[0] = "--data";
    args[1] = folder.resolve("data");
    args[2] = "--json";
    args[3] = "ingest";
    System.arraycopy(paths, 0, args, 4, paths.length);
    return Command.finish(
        Command.process(List.of("-Xmx256m", "-XX:TieredStopAtLevel=4"), args).start(), 300);
  }

  private static void sumsAgree(Document json) {
    assertThat(
            json.get("created").number()
                + json.get("duplicates").number()
                + json.get("rejected").number()
                + json.get("failed").number())
        .isEqualTo(json.get("files").number());
    assertThat(json.get("assets").size()).isEqualTo((int) json.get("files").number());
  }

  @Test
  void photosAndFormatsAreAnsweredAndASecondRunCreatesNothing() throws Exception {
    Command first = ingest(CORPUS.resolve("photos"), CORPUS.resolve("formats"));
    assertThat(first.out()).doesNotContain("Exception", "\tat ");
    sumsAgree(first.json());
    assertThat(first.json().get("failed").number()).as(first.out()).isZero();
    System.out.println(
        "[corpus] photos and formats in " + first.json().get("seconds").text() + " s");
    Command second = ingest(CORPUS.resolve("photos"), CORPUS.resolve("formats"));
    sumsAgree(second.json());
    assertThat(second.json().get("created").number()).isZero();
  }

  @Test
  void everyHostileFileIsAnswered() throws Exception {
    Command command = ingest(CORPUS.resolve("bad"));
    assertThat(command.out()).doesNotContain("OutOfMemoryError", "\tat ");
    sumsAgree(command.json());
    assertThat(command.json().get("failed").number()).as(command.out()).isZero();
    System.out.println("[corpus] bad in " + command.json().get("seconds").text() + " s");
    try (var canaries = Files.newDirectoryStream(Path.of("/tmp"), "asset-canary-*")) {
      assertThat(canaries).isEmpty();
    }
  }
}

package dev.hfsm.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a run of some parts does to the page, and what it leaves alone. */
class ProofPageTest {

  private static final String MACHINE = "JDK 17, Linux amd64, 2 processors";

  private final Path project = Path.of("").toAbsolutePath().getParent();

  private static ProofPage.Line line(String part, String name, String ran, String mode) {
    Properties proof = new Properties();
    proof.putAll(
        Map.of(
            "item",
            part,
            "name",
            name,
            "ran",
            ran,
            "violated",
            "0",
            "mode",
            mode,
            "seed",
            "7",
            "seconds",
            "1.5",
            "at",
            "2026-11-28T17:30:00.123Z"));
    return ProofPage.Line.of(proof, MACHINE);
  }

  private static ProofPage page(ProofPage.Line... lines) {
    return new ProofPage(List.of(lines));
  }

  @Test
  void aLineSaysWhatWasRunAndOnWhichDayAndMachine() {
    assertThat(line("d", "same bytes", "4 rounds", "long").row())
        .isEqualTo(
            "| d | same bytes | 4 rounds | 0 | long | 7 | 1.5 | 2026-11-28, " + MACHINE + " |\n");
  }

  @Test
  void whatWasWrittenIsReadAgain() {
    ProofPage page =
        page(line("a1", "a | b", "x |", "long"), line("b", "| c", "every | order", "long"));
    assertThat(ProofPage.parse(page.text("where"))).isEqualTo(page);
    assertThat(page.text("where")).contains("\n\nwhere\n\n");
  }

  @Test
  void aLongRunReplacesTheLinesOfItsPartsAndKeepsTheOthers() {
    ProofPage before =
        page(
            line("a1", "kept", "old", "long"),
            line("e6", "gone", "old", "long"),
            line("e6", "renamed since", "old", "long"));
    ProofPage after =
        before.with(List.of(line("e7", "first", "new", "long"), line("e6", "gone", "new", "long")));
    assertThat(after)
        .isEqualTo(
            page(
                line("a1", "kept", "old", "long"),
                line("e6", "gone", "new", "long"),
                line("e7", "first", "new", "long")));
  }

  @Test
  void aShortRunReplacesNothing() {
    ProofPage before = page(line("a1", "kept", "old", "long"));
    assertThat(
            before.with(
                List.of(line("a1", "kept", "new", "short"), line("b", "b", "new", "short"))))
        .isEqualTo(before);
  }

  @Test
  void thePageOfTheProjectCanBeReadAndItsPartsHaveTests() throws IOException {
    String text = Files.readString(project.resolve("docs").resolve("reliability.md"));
    ProofPage page = ProofPage.parse(text);
    assertThat(page.lines())
        .hasSizeGreaterThan(15)
        .allSatisfy(line -> assertThat(text).contains(line.row()));
    assertThat(ProofTests.of(project).byPart().keySet()).containsAll(page.parts());
  }

  @Test
  void everyPartIsFoundInTheSourcesOfItsTest() throws IOException {
    assertThat(ProofTests.of(project).byPart())
        .containsEntry("a1", "CrashPointProofTest")
        .containsEntry("c1", "KillTest")
        .containsEntry("c2", "KillTest")
        .containsEntry("e6", "SharedQueueTest")
        .containsEntry("g2", "PowerLossProofTest")
        .containsEntry("h", "HistoryTest");
  }

  @Test
  void whatHasATestAndNoLineIsSaidToBeMissing() {
    ProofTests tests = new ProofTests(Map.of("a1", "OneTest", "b", "OtherTest"));
    assertThat(tests.told(Set.of("a1")))
        .isEqualTo("Parts and their tests: a1 `OneTest`, b `OtherTest`. Not run at length yet: b.");
  }
}

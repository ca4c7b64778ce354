package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Presets and budgets that cannot be meant. */
class ServeOptionsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--preset thumb|expected NAME=RECIPE",
        "--preset =w=3|expected NAME=RECIPE",
        "--preset thumb=w=0|key w: expected",
        "--preset thumb=cover=3x3|cover",
        "--preset Thumb=w=3|preset: expected [a-z0-9]",
        "--preset a=w=3 --preset a=w=4|expected each name once",
        "--widths hero=320|expected the name of a --preset, found hero",
        "--preset a=w=3 --widths a=320;640|expected NAME=N,N",
        "--preset a=w=3 --widths a=99999|1 to 16384",
        "--preset a=w=3 --widths a=30,30|each width once",
        "--preset a=w=3 --widths a=30 --widths a=40|once, found it a second time",
        "--budget-scope-cpu 30|expected a time like 90s",
        "--budget-total-cpu -1s|expected a time like 90s",
        "--budget-scope-bytes lots|expected a size like 500M",
        "--budget-recipes -1|expected 0 or more",
        "--budget-recipes 3 --over-budget deny|expected refuse, stand-in or warn",
        "--over-budget warn|expected a budget with it",
        "--budget-presets|expected a budget with it"
      })
  void whatCannotBeMeantIsRefusedBeforeAnythingIsMade(String args, String complaint) {
    Path none = folder.resolve("none");
    Command command =
        Command.run((Object[]) ("--data " + none + " serve --port 0 " + args).split(" "));
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains(complaint);
    assertThat(none).doesNotExist();
  }
}

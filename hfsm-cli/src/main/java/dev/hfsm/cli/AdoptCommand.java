package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.custody.AdoptReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.model.AssetId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code hfsm adopt}. */
@Command(
    name = "adopt",
    mixinStandardHelpOptions = true,
    description = "After the ledger was restored from a backup: brings back originals it lost.")
final class AdoptCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;

  @Option(names = "--dry-run", description = "Say what would be brought back, and leave it.")
  private boolean dryRun;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    Mode mode = dryRun ? Mode.DRY_RUN : Mode.REAL;
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      AdoptReport report =
          Listing.<AssetId>ofTexts("assets", dryRun ? "would adopt" : "adopted")
              .print(
                  output,
                  each -> pipeline.maintenance().adopt(mode, each),
                  (json, r) -> {
                    json.writeBooleanField("dryRun", dryRun);
                    json.writeNumberField("scanned", r.scanned());
                    json.writeNumberField("adopted", r.adopted());
                    json.writeNumberField("healed", r.healed());
                    json.writeNumberField("bytes", r.bytes());
                    json.writeNumberField("damaged", r.damaged());
                    json.writeNumberField("failed", r.failed());
                  });
      output.line(
          "%s looked at, %d adopted, %d healed, %d damaged, %d failed"
              .formatted(
                  Text.count(report.scanned(), "original"),
                  report.adopted(),
                  report.healed(),
                  report.damaged(),
                  report.failed()));
      return report.failed() == 0 ? Hfsm.DONE : Hfsm.WRONG;
    }
  }
}

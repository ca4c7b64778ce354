package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.storage.StorageKey;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code hfsm sweep}. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description = "Removes objects that no row names, once they are older than 24 hours.")
final class SweepCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;

  @Option(names = "--dry-run", description = "Say what would go, and leave it.")
  private boolean dryRun;

  @Option(names = "--force", description = "However much it is.")
  private boolean force;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    SweepOptions options =
        new SweepOptions(
            dryRun ? Mode.DRY_RUN : Mode.REAL, force ? Allowance.UNBOUNDED : Allowance.BOUNDED);
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      SweepReport report =
          Listing.<StorageKey>ofTexts("orphans", dryRun ? "would delete" : "deleted")
              .print(
                  output,
                  each -> pipeline.maintenance().sweep(options, each),
                  (json, r) -> {
                    json.writeBooleanField("dryRun", dryRun);
                    json.writeNumberField("scanned", r.scanned());
                    json.writeNumberField("foreign", r.foreign());
                    json.writeNumberField("found", r.orphans());
                    json.writeNumberField("landings", r.landings());
                    json.writeNumberField("deleted", r.deleted());
                    json.writeNumberField("bytes", r.bytes());
                    json.writeNumberField("failed", r.failed());
                    Json.refusal(json, r.refusal());
                  });
      output.line(
          "%d objects looked at, %d orphans, %d uploads never completed, %d deleted, %s"
              .formatted(
                  report.scanned(),
                  report.orphans(),
                  report.landings(),
                  report.deleted(),
                  Text.bytes(report.bytes())));
      if (report.refusal() != null) {
        output.remark("hfsm: no orphans were swept: " + report.refusal());
      }
      return report.refusal() == null && report.failed() == 0 ? Hfsm.DONE : Hfsm.WRONG;
    }
  }
}

package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Maintenance;
import dev.hfsm.custody.Cleared;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.CollectReport;
import dev.hfsm.custody.EvictOptions;
import dev.hfsm.custody.EvictReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.model.AssetId;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code hfsm gc}. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description = "Removes assets that nobody has claimed for a while, and variants over a budget.")
final class GcCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;

  @Option(names = "--dry-run", description = "Say what would go, and leave it.")
  private boolean dryRun;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "24h",
      converter = Span.class,
      description =
          "How long nobody must have claimed an asset, for instance 30m, 24h or 7d (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration grace;

  @Option(
      names = "--variant-budget",
      paramLabel = "SIZE",
      converter = IngestCommand.Size.class,
      description = "How much variants may take, for instance 500M or 20G.")
  private @Nullable Long variantBudget;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    Mode mode = dryRun ? Mode.DRY_RUN : Mode.REAL;
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      Maintenance maintenance = pipeline.maintenance();
      EvictReport evicted = variantBudget == null ? null : evict(maintenance, mode, variantBudget);
      CollectReport report =
          Listing.<AssetId>ofTexts("collected", dryRun ? "would collect" : "collected")
              .print(
                  output,
                  each -> maintenance.collect(new CollectOptions(grace, mode), each),
                  (json, collected) -> {
                    json.writeBooleanField("dryRun", dryRun);
                    json.writeNumberField("assets", collected.assets());
                    Json.cleared(json, Sums.of(evicted, collected));
                    Json.refusal(json, collected.refusal());
                    Json.evicted(json, evicted);
                  });
      print(output, report, evicted);
      return report.garbage().failed() == 0 && report.refusal() == null ? Hfsm.DONE : Hfsm.WRONG;
    }
  }

  /** What both parts deleted together. */
  private static final class Sums {
    static Cleared of(@Nullable EvictReport evicted, CollectReport collected) {
      Cleared last = collected.garbage();
      if (evicted == null || collected.mode() == Mode.DRY_RUN) {
        return collected.mode() == Mode.DRY_RUN
            ? new Cleared(last.objects(), last.bytes() + collected.bytes(), 0)
            : last;
      }
      Cleared first = evicted.garbage();
      return new Cleared(
          first.objects() + last.objects(), first.bytes() + last.bytes(), last.failed());
    }
  }

  private static EvictReport evict(Maintenance maintenance, Mode mode, long budget) {
    EvictOptions options = new EvictOptions(budget, maintenance.variantIdle(), mode);
    return maintenance.evict(options, variant -> {});
  }

  private void print(Output output, CollectReport report, @Nullable EvictReport evicted) {
    if (evicted != null) {
      output.line(
          (dryRun ? "would evict " : "evicted ")
              + Text.count(evicted.variants(), "variant")
              + " of "
              + Text.bytes(evicted.bytes())
              + (evicted.isOver() ? "; the others were used lately and are still too much" : ""));
    }
    Cleared cleared = Sums.of(evicted, report);
    output.line(
        Text.count(report.assets(), "asset")
            + (dryRun ? " would go, and free " : " collected, freeing ")
            + Text.bytes(cleared.bytes()));
    if (cleared.failed() > 0) {
      output.remark(
          Text.count(cleared.failed(), "object") + " could not be deleted and will be tried again");
    }
    if (report.refusal() != null) {
      output.remark("hfsm: nothing was collected: " + report.refusal());
    }
  }
}

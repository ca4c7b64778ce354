package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ledger.Costs;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Scope;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code hfsm stats}. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = "Counts assets, variants and bytes.")
final class StatsCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      LedgerStats stats = pipeline.stats(Scope.DEFAULT);
      long stored = stats.originalBytes() + stats.variantBytes();
      for (AssetState state : AssetState.values()) {
        output.line("%-15s %d".formatted(state, stats.assets().get(state)));
      }
      output.line("%-15s %d".formatted("variants", stats.variants()));
      output.line("%-15s %d".formatted("duplicates", stats.duplicates()));
      output.line("%-15s %s".formatted("uploaded", Text.bytes(stats.logicalBytes())));
      output.line("%-15s %s".formatted("stored", Text.bytes(stored)));
      Costs costs = pipeline.costs(Scope.DEFAULT);
      double seconds = costs.cpu().toMillis() / 1000.0;
      output.line(
          "%-15s %d variants with %.1f s of CPU within the last hour"
              .formatted("made", costs.variants(), seconds));
      output.document(
          json -> {
            json.writeObjectFieldStart("assets");
            for (AssetState state : AssetState.values()) {
              json.writeNumberField(state.name(), stats.assets().get(state));
            }
            json.writeEndObject();
            json.writeNumberField("variants", stats.variants());
            json.writeNumberField("logicalBytes", stats.logicalBytes());
            json.writeNumberField("storedBytes", stored);
            json.writeNumberField("duplicates", stats.duplicates());
            json.writeNumberField("madeWithinTheHour", costs.variants());
            json.writeNumberField("cpuSecondsWithinTheHour", seconds);
          });
    }
    return Hfsm.DONE;
  }
}

package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.custody.PurgeReceipt;
import dev.hfsm.ledger.Purged;
import dev.hfsm.model.AssetId;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm purge}. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description = "Removes an asset now, whatever claims it, and gives a receipt.")
final class PurgeCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description = "Digest, or a unique prefix of 8 or more hex characters.")
  private String id;

  @Option(names = "--yes", description = "Really: nothing brings it back.")
  private boolean yes;

  @Override
  public Integer call() {
    if (!yes) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "purge: expected --yes, because nothing brings the asset back");
    }
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      AssetId asset = Assets.find(pipeline, id, spec.commandLine()).id();
      PurgeReceipt receipt = pipeline.maintenance().purge(asset);
      Purged purged = receipt.purged();
      if (purged.outcome() != Purged.Outcome.PURGED) {
        throw new Complaints.Complaint(
            purged.outcome() == Purged.Outcome.HELD
                ? asset + " was not purged: a legal hold is on it"
                : "no asset has the ID " + asset);
      }
      output.document(json -> Json.receipt(json, receipt));
      print(output, receipt);
      return receipt.pending().isEmpty() ? Hfsm.DONE : Hfsm.WRONG;
    }
  }

  private static void print(Output output, PurgeReceipt receipt) {
    Purged purged = receipt.purged();
    output.line("purged " + receipt.asset() + " at " + purged.at());
    output.line(
        "removed %s, %s and %s of work; %s deleted, %d to be deleted"
            .formatted(
                Text.count(purged.references().size(), "claim"),
                Text.count(purged.variants(), "variant"),
                Text.count(purged.work(), "piece"),
                Text.count(receipt.deleted(), "object"),
                receipt.pending().size()));
    receipt.pending().forEach(key -> output.line("still there: " + key));
    output.line(
        "other processes have forgotten it within " + receipt.cachesWithin().toSeconds() + " s");
  }
}

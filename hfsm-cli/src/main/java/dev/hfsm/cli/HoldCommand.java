package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.model.AssetId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm hold}. */
@Command(
    name = "hold",
    mixinStandardHelpOptions = true,
    description = "Puts a legal hold on an asset: it is neither collected nor purged.")
final class HoldCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description = "Digest, or a unique prefix of 8 or more hex characters.")
  private String id;

  @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
  private String reason;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      AssetId asset = Assets.find(pipeline, id, spec.commandLine()).id();
      if (!pipeline.maintenance().hold(asset, reason)) {
        throw new Complaints.Complaint("no asset has the ID " + asset);
      }
      output.line("held " + asset + ": " + Text.line(reason));
      output.document(
          json -> {
            json.writeStringField("id", asset.toString());
            json.writeStringField("hold", reason);
          });
    }
    return Hfsm.DONE;
  }
}

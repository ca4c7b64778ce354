package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.model.AssetId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm unhold}. */
@Command(
    name = "unhold",
    mixinStandardHelpOptions = true,
    description = "Lifts a legal hold; if nothing claims the asset, its grace begins now.")
final class UnholdCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description = "Digest, or a unique prefix of 8 or more hex characters.")
  private String id;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      AssetId asset = Assets.find(pipeline, id, spec.commandLine()).id();
      if (!pipeline.maintenance().unhold(asset)) {
        throw new Complaints.Complaint("no hold is on " + asset);
      }
      output.line("lifted the hold on " + asset);
      output.document(
          json -> {
            json.writeStringField("id", asset.toString());
            json.writeNullField("hold");
          });
    }
    return Hfsm.DONE;
  }
}

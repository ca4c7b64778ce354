package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm publish}. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = "Delivers the presets of an asset to everybody, without a signature.")
final class PublishCommand implements Callable<Integer> {

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
      pipeline.show(asset, Visibility.PUBLIC);
      output.line("public: " + asset);
      output.document(
          json -> {
            json.writeStringField("id", asset.toString());
            json.writeStringField("visibility", Visibility.PUBLIC.name());
          });
    }
    return Hfsm.DONE;
  }
}

package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What {@code hfsm publish} and {@code hfsm withdraw} have in common. */
abstract class VisibilityCommand implements Callable<Integer> {

  private final Visibility visibility;

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description = "Digest, or a unique prefix of 8 or more hex characters.")
  private String id;

  VisibilityCommand(Visibility visibility) {
    this.visibility = visibility;
  }

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      AssetId asset = Assets.find(pipeline, id, spec.commandLine()).id();
      pipeline.show(asset, visibility);
      output.line(visibility.name().toLowerCase(Locale.ROOT) + ": " + asset);
      output.document(
          json -> {
            json.writeStringField("id", asset.toString());
            json.writeStringField("visibility", visibility.name());
          });
    }
    return Hfsm.DONE;
  }
}

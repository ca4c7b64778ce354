package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.model.WorkKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code hfsm pause}. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Begins no work of a kind any more, on any node, until it is resumed.")
final class PauseCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;

  @Parameters(paramLabel = "KIND", description = "One of ${COMPLETION-CANDIDATES}.")
  private WorkKind kind;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      pipeline.maintenance().pause(kind);
      Json.paused(output, pipeline.maintenance().paused());
    }
    return Hfsm.DONE;
  }
}

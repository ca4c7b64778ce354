package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Maintenance;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm redrive}. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    description = "Starts work again that was given up; its attempts count from the beginning.")
final class RedriveCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private What what;

  /** Exactly one of these. */
  static final class What {
    @Parameters(
        arity = "1..*",
        paramLabel = "ID",
        description = "All about these assets; the inspection also of one that was rejected.")
    private @Nullable List<String> ids;

    @Option(
        names = "--cause",
        paramLabel = "CODE",
        description = "All that failed like this, for instance worker-lost.")
    private @Nullable String cause;

    @Option(names = "--all", description = "Everything.")
    private boolean all;
  }

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      long started = redrive(pipeline);
      output.line("started " + Text.count(started, "piece") + " of work again");
      output.document(json -> json.writeNumberField("started", started));
    }
    return Hfsm.DONE;
  }

  private long redrive(AssetPipeline pipeline) {
    Maintenance maintenance = pipeline.maintenance();
    if (what.ids != null) {
      long started = 0;
      for (String id : what.ids) {
        started += pipeline.redrive(Assets.find(pipeline, id, spec.commandLine()).id());
      }
      return started;
    }
    return what.cause == null ? maintenance.redriveAll() : maintenance.redriveCause(what.cause);
  }
}

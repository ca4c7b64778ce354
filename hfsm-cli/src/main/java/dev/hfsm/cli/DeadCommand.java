package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Page;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code hfsm dead}. */
@Command(
    name = "dead",
    mixinStandardHelpOptions = true,
    description = "Lists work that was given up, with its reason, oldest first.")
final class DeadCommand implements Callable<Integer> {

  private static final int PAGE = 500;

  @ParentCommand private Hfsm hfsm;

  @Option(
      names = "--cause",
      paramLabel = "CODE",
      description = "Only what failed like this, for instance worker-lost.")
  private @Nullable String cause;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      new Listing<>("dead", DeadCommand::line, Json::work)
          .print(
              output,
              each -> forEach(pipeline, each),
              (json, count) -> json.writeNumberField("count", count));
    }
    return Hfsm.DONE;
  }

  private long forEach(AssetPipeline pipeline, Consumer<WorkRow> each) {
    long count = 0;
    Cursor after = Cursor.START;
    while (after != null) {
      Page<WorkRow> page = pipeline.maintenance().dead(after, PAGE);
      for (WorkRow dead : page.items()) {
        Failure failure = dead.failure();
        if (cause == null || failure != null && failure.code().equals(cause)) {
          each.accept(dead);
          count++;
        }
      }
      after = page.next();
    }
    return count;
  }

  private static String line(WorkRow dead) {
    Failure failure = dead.failure();
    return "%s  after attempt %d: %s"
        .formatted(
            dead.subject(),
            dead.attempts(),
            failure == null ? "" : failure.code() + ": " + Text.line(failure.message()));
  }
}

package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.custody.Finding;
import dev.hfsm.custody.MigrateOptions;
import dev.hfsm.custody.MigrateReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.storage.BlobStore;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm migrate}. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = {
      "Copies all that the ledger names into another store, verified.",
      "Uploads may go on. What is there already is passed over, so call it again if it broke off."
    })
final class MigrateCommand implements Callable<Integer> {

  private static final int MAX_PARALLEL = 64;

  @ParentCommand private Hfsm hfsm;

  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "URL",
      converter = StoreUrl.Converter.class,
      description = "The store to copy from (default: that of --store or --data).")
  private @Nullable StoreUrl from;

  @Option(
      names = "--to",
      paramLabel = "URL",
      required = true,
      converter = StoreUrl.Converter.class,
      description = "The store to copy into, with all its settings: see --store.")
  private StoreUrl to;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many blobs are copied at the same time (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(names = "--dry-run", description = "Count what would be copied.")
  private boolean dryRun;

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    if (parallel < 1 || parallel > MAX_PARALLEL) {
      throw new CommandLine.ParameterException(
          line, "--parallel: expected 1 to 64, found " + parallel);
    }
    Places places = hfsm.placesOfMigration(from);
    if (places.store().isSamePlace(to)) {
      throw new CommandLine.ParameterException(
          line, "--to: expected another store than the one to copy from, or another prefix");
    }
    places.requireThere();
    Output output = hfsm.output();
    try (AssetPipeline pipeline = places.pipeline(output::remark).build()) {
      MigrateReport report =
          new Listing<>("findings", ScrubCommand::line, Json::finding)
              .print(
                  output,
                  each -> migrate(pipeline, output, each),
                  (json, r) -> {
                    json.writeBooleanField("dryRun", dryRun);
                    json.writeBooleanField("complete", r.isComplete());
                    json.writeNumberField("blobs", r.blobs());
                    json.writeNumberField("bytes", r.bytes());
                    json.writeNumberField("present", r.present());
                    json.writeNumberField("copied", r.copied());
                    json.writeNumberField("copiedBytes", r.copiedBytes());
                    json.writeNumberField("damaged", r.damaged());
                    json.writeNumberField("missing", r.missing());
                    json.writeNumberField("failed", r.failed());
                    json.writeNumberField("mismatched", r.mismatched());
                    json.writeNumberField("left", r.left());
                    json.writeNumberField("leftBytes", r.leftBytes());
                  });
      output.line(summary(report));
      return dryRun || report.isComplete() ? Hfsm.DONE : Hfsm.WRONG;
    }
  }

  private MigrateReport migrate(AssetPipeline pipeline, Output output, Consumer<Finding> each) {
    Mode mode = dryRun ? Mode.DRY_RUN : Mode.REAL;
    if (dryRun && to.absent().isPresent()) {
      // A dry run must not make the store it is to look at.
      throw new Complaints.Complaint(
          to.absent().get() + "; all of it would be copied: see hfsm stats");
    }
    try (BlobStore target = to.open();
        MigrateProgress progress = new MigrateProgress(output, each, System::nanoTime)) {
      return pipeline.maintenance().migrate(target, new MigrateOptions(mode, parallel), progress);
    }
  }

  private String summary(MigrateReport report) {
    String left = Text.count(report.left(), "blob") + " of " + Text.bytes(report.leftBytes());
    if (dryRun) {
      return left + " would be copied" + before(report);
    }
    String copied =
        "copied %s of %s"
            .formatted(Text.count(report.copied(), "blob"), Text.bytes(report.copiedBytes()));
    return copied
        + before(report)
        + (report.isComplete()
            ? ": complete, "
                + Text.count(report.blobs(), "blob")
                + " of "
                + Text.bytes(report.bytes())
            : ": not complete, " + left + " are not there");
  }

  /** What was passed over, and what is known of it. */
  private static String before(MigrateReport report) {
    String there =
        report.present() == 0
            ? ""
            : ", %d were there before and were not verified; `hfsm scrub` does"
                .formatted(report.present());
    return report.mismatched() == 0
        ? there
        : there + ", %d lie there with another size".formatted(report.mismatched());
  }
}

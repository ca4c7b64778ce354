package dev.hfsm.cli;

import dev.hfsm.PipelineBuilder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code hfsm} command: its options, its subcommands, its exit codes. */
@Command(
    name = "hfsm",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Keeps, understands and serves uploaded assets.",
    subcommands = {
      IngestCommand.class,
      LsCommand.class,
      ShowCommand.class,
      GetCommand.class,
      VariantCommand.class,
      ServeCommand.class,
      UrlCommand.class,
      ReleaseCommand.class,
      StatsCommand.class,
      GcCommand.class,
      SweepCommand.class,
      ScrubCommand.class,
      AdoptCommand.class,
      TakeStoreCommand.class,
      MigrateCommand.class,
      PurgeCommand.class,
      HoldCommand.class,
      UnholdCommand.class,
      PublishCommand.class,
      WithdrawCommand.class,
      DeadCommand.class,
      RedriveCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      DemoCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong, or is damaged, or was refused",
      "2:the command line is not right",
      "3:some inputs were rejected, the others are done"
    })
public final class Hfsm implements Runnable {

  static final int DONE = 0;
  static final int WRONG = 1;
  static final int USAGE = 2;
  static final int SOME_REJECTED = 3;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "hfsm-data",
      scope = ScopeType.INHERIT,
      description = "Folder of the ledger and the bytes (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--store",
      paramLabel = "URL",
      converter = StoreUrl.Converter.class,
      scope = ScopeType.INHERIT,
      description = {
        "Where the bytes lie: file:PATH or s3://BUCKET[/PREFIX][?SETTING=VALUE&...], in quotes"
            + " (default: in --data, or $HFSM_STORE). AWS credentials are found as always."
            + " Settings of a bucket:",
        "  " + BucketSettings.WHERE,
        "  " + BucketSettings.KEPT,
        "  " + BucketSettings.TAGS + ", up to ten"
      })
  private @Nullable StoreUrl store;

  @Option(
      names = "--ledger",
      paramLabel = "URL",
      converter = LedgerUrl.Converter.class,
      scope = ScopeType.INHERIT,
      description =
          "Where the ledger is: jdbc:sqlite:PATH or jdbc:postgresql://HOST/DATABASE; the password"
              + " comes from $PGPASSWORD or ~/.pgpass (default: in --data, or $HFSM_LEDGER).")
  private @Nullable LedgerUrl ledger;

  @Option(
      names = "--queue",
      paramLabel = "URL",
      converter = QueueUrl.Converter.class,
      scope = ScopeType.INHERIT,
      description =
          "Where hints are: redis[s]://[USER@]HOST[:PORT][/DATABASE][?prefix=PREFIX]; the password"
              + " comes from $HFSM_REDIS_PASSWORD (default: no queue, or $HFSM_QUEUE).")
  private @Nullable QueueUrl queue;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON document on standard output.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Hfsm());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(new Complaints());
    return line;
  }

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "expected a command");
  }

  Path data() {
    return data;
  }

  boolean dataIsGiven() {
    return spec.commandLine().getParseResult().hasMatchedOption("--data")
        || spec.commandLine().getParseResult().hasSubcommand()
            && spec.commandLine().getParseResult().subcommand().hasMatchedOption("--data");
  }

  /** A pipeline over what must be there: looking must not create it. */
  PipelineBuilder existing() {
    Optional<Places> places = places();
    if (places.isPresent()) {
      places.get().requireThere();
      return places.get().pipeline(output()::remark);
    }
    if (!Files.isDirectory(data)) {
      throw new Complaints.Complaint(
          "there is no data folder "
              + data.toAbsolutePath()
              + "; ingest something first, or say --data DIR");
    }
    return pipeline(data);
  }

  /** A pipeline over what is made if it is not there. */
  PipelineBuilder existingOrNew() {
    return places().map(p -> p.pipeline(output()::remark)).orElseGet(() -> pipeline(data));
  }

  /** Whether store and ledger are not in the data folder. */
  boolean isElsewhere() {
    return places().isPresent();
  }

  /** Where store and ledger are, if not in one folder. */
  private Optional<Places> places() {
    StoreUrl bytes = storeOrDefault();
    LedgerUrl rows = ledgerOrDefault();
    if (bytes == null && rows == null) {
      if (queue != null) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "expected --store and --ledger with --queue, found neither");
      }
      return Optional.empty();
    }
    if (bytes == null || rows == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "expected --store and --ledger together, found only "
              + (bytes == null ? "--ledger" : "--store"));
    }
    if (dataIsGiven()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "expected either --data or --store and --ledger, found both");
    }
    QueueUrl hints =
        queue != null ? queue : fromEnvironment("HFSM_QUEUE", new QueueUrl.Converter());
    return Optional.of(new Places(bytes, rows, hints));
  }

  /** Store and ledger of a migration; what is not said is in the data folder. */
  Places placesOfMigration(@Nullable StoreUrl from) {
    StoreUrl bytes = from == null ? storeOrDefault() : from;
    LedgerUrl rows = ledgerOrDefault();
    return new Places(
        bytes == null ? new StoreUrl.Folder(data.resolve("blobs")) : bytes,
        rows == null ? new LedgerUrl.Sqlite(data.resolve("ledger.db")) : rows,
        null);
  }

  /** What the environment says counts only if nothing is said here. */
  private @Nullable StoreUrl storeOrDefault() {
    return store != null || dataIsGiven()
        ? store
        : fromEnvironment("HFSM_STORE", new StoreUrl.Converter());
  }

  private @Nullable LedgerUrl ledgerOrDefault() {
    return ledger != null || dataIsGiven()
        ? ledger
        : fromEnvironment("HFSM_LEDGER", new LedgerUrl.Converter());
  }

  private <T> @Nullable T fromEnvironment(String name, ITypeConverter<T> converter) {
    String text = System.getenv(name);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return converter.convert(text);
    } catch (Exception e) {
      throw new CommandLine.ParameterException(spec.commandLine(), name + ": " + e.getMessage(), e);
    }
  }

  static PipelineBuilder pipeline(Path folder) {
    return dev.hfsm.embedded.Hfsm.embedded(folder);
  }

  Output output() {
    PrintWriter out = spec.commandLine().getOut();
    return new Output(out, spec.commandLine().getErr(), json ? Output.Form.JSON : Output.Form.TEXT);
  }
}

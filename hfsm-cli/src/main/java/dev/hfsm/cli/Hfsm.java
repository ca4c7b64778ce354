package dev.hfsm.cli;

import dev.hfsm.PipelineBuilder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
      ReleaseCommand.class,
      StatsCommand.class,
      GcCommand.class,
      SweepCommand.class,
      ScrubCommand.class,
      AdoptCommand.class,
      PurgeCommand.class,
      HoldCommand.class,
      UnholdCommand.class,
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

  /** A pipeline over the data folder, which must be there: looking must not create one. */
  PipelineBuilder existing() {
    if (!Files.isDirectory(data)) {
      throw new Complaints.Complaint(
          "there is no data folder "
              + data.toAbsolutePath()
              + "; ingest something first, or say --data DIR");
    }
    return pipeline(data);
  }

  static PipelineBuilder pipeline(Path folder) {
    return dev.hfsm.embedded.Hfsm.embedded(folder);
  }

  Output output() {
    PrintWriter out = spec.commandLine().getOut();
    return new Output(out, spec.commandLine().getErr(), json ? Output.Form.JSON : Output.Form.TEXT);
  }
}

package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.ledger.Visibility;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code hfsm ingest}. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = "Brings files in; folders with all that is in them.")
final class IngestCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files and folders; - is standard input.")
  private List<Path> paths;

  @Option(names = "--no-wait", description = "Do not wait until the files have been inspected.")
  private boolean noWait;

  @Option(
      names = "--public",
      description = "Deliver the presets of these files without a signature, also of those known.")
  private boolean isPublic;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      defaultValue = "200M",
      converter = Size.class,
      description =
          "Largest file that is taken, for instance 500M or 20G (default: ${DEFAULT-VALUE}).")
  private long maxBytes;

  /** A number of bytes with an optional K, M, G or T for powers of a thousand. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      if (!text.matches("[1-9][0-9]{0,11}[KMGT]?")) {
        throw new TypeConversionException("expected a size like 500M or 20G, found " + text);
      }
      int unit = "KMGT".indexOf(text.charAt(text.length() - 1)) + 1;
      long number = Long.parseLong(unit == 0 ? text : text.substring(0, text.length() - 1));
      try {
        return Math.multiplyExact(number, (long) Math.pow(1000, unit));
      } catch (ArithmeticException e) {
        throw new TypeConversionException("expected at most 9000000T, found " + text);
      }
    }
  }

  @Override
  public Integer call() throws IOException {
    Output output = hfsm.output();
    Inputs inputs = Inputs.of(paths);
    PipelineBuilder builder = hfsm.existingOrNew().maxUploadBytes(maxBytes);
    try (AssetPipeline pipeline = noWait ? builder.build() : builder.start();
        Interruption interruption = Interruption.closes(pipeline, output)) {
      long start = System.nanoTime();
      IngestReport report = new IngestReport();
      try (Progress progress = Progress.over(inputs, output)) {
        IngestRun run =
            new IngestRun(pipeline, report, progress, isPublic ? Visibility.PUBLIC : null);
        run.ingest(inputs);
        if (!noWait) {
          run.awaitInspections();
        }
        run.settleAll();
      }
      report.print(output, Duration.ofNanos(System.nanoTime() - start));
      return report.exitCode();
    }
  }
}

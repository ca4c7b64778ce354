package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.custody.Finding;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.ScrubOptions.Start;
import dev.hfsm.custody.ScrubReport;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code hfsm scrub}. */
@Command(
    name = "scrub",
    mixinStandardHelpOptions = true,
    description =
        "Hashes what is stored. Damaged originals are named and no longer served; damaged variants"
            + " are made again.")
final class ScrubCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;

  @Option(
      names = "--sample",
      paramLabel = "PERCENT",
      defaultValue = "100%",
      converter = Percent.class,
      description = "Which part of it, for instance 10%% (default: all).")
  private double sample;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Which sample; the same number chooses the same one (default: any).")
  private @Nullable Long seed;

  @Option(names = "--resume", description = "Go on with a scrub of everything that broke off.")
  private boolean resume;

  /** A part of a whole, as a number of hundredths. */
  static final class Percent implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      if (text.matches("[0-9]{1,3}(\\.[0-9]{1,6})?%?")) {
        double part = Double.parseDouble(text.replace("%", "")) / 100;
        if (part > 0 && part <= 1) {
          return part;
        }
      }
      throw new TypeConversionException("expected more than 0% up to 100%, found " + text);
    }
  }

  @Override
  public Integer call() {
    Output output = hfsm.output();
    long chosen = seed != null ? seed : sample >= 1 ? 0 : ThreadLocalRandom.current().nextLong();
    Start start = resume ? Start.RESUMED : Start.FRESH;
    ScrubOptions options = new ScrubOptions(sample, chosen, Mode.REAL, start);
    output.remark(
        sample >= 1
            ? "reading everything that is stored"
            : String.format(
                Locale.ROOT, "reading %s%% of what is stored, seed %d", sample * 100, chosen));
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      ScrubReport report =
          new Listing<>("findings", ScrubCommand::line, Json::finding)
              .print(
                  output,
                  each -> pipeline.maintenance().scrub(options, each),
                  (json, r) -> {
                    json.writeNumberField("sample", sample);
                    json.writeNumberField("seed", chosen);
                    json.writeNumberField("blobs", r.blobs());
                    json.writeNumberField("bytes", r.bytes());
                    json.writeNumberField("originals", r.originals());
                    json.writeNumberField("variants", r.variants());
                    json.writeNumberField("unreadable", r.unreadable());
                    json.writeNumberField("recovered", r.recovered());
                  });
      output.line(
          "%s of %s read: %s damaged, %s to be made again, %d unreadable"
              .formatted(
                  Text.count(report.blobs(), "blob"),
                  Text.bytes(report.bytes()),
                  Text.count(report.originals(), "original"),
                  Text.count(report.variants(), "variant"),
                  report.unreadable()));
      return report.isClean() ? Hfsm.DONE : Hfsm.WRONG;
    }
  }

  static String line(Finding finding) {
    return "%s  %s %s: %s"
        .formatted(
            finding.kind().name().toLowerCase(Locale.ROOT),
            finding.variant() == null ? "original of" : "variant of",
            finding.asset(),
            Text.line(BucketSettings.named(finding.message())));
  }
}

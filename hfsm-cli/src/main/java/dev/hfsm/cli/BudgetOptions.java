package dev.hfsm.cli;

import dev.hfsm.CostLimits;
import dev.hfsm.CostLimits.Beyond;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What variants may cost; a bound that is not said is none. */
final class BudgetOptions {

  @Option(
      names = "--budget-scope-cpu",
      paramLabel = "TIME",
      converter = Span.class,
      description =
          "Processor time that variants of one scope may take within an hour, for instance 90s or"
              + " 30m.")
  private @Nullable Duration scopeCpu;

  @Option(
      names = "--budget-total-cpu",
      paramLabel = "TIME",
      converter = Span.class,
      description = "The same for all scopes together.")
  private @Nullable Duration totalCpu;

  @Option(
      names = "--budget-scope-bytes",
      paramLabel = "SIZE",
      converter = IngestCommand.Size.class,
      description = "What the stored variants of one scope may take, for instance 500M or 20G.")
  private @Nullable Long scopeBytes;

  @Option(
      names = "--budget-total-bytes",
      paramLabel = "SIZE",
      converter = IngestCommand.Size.class,
      description = "The same for all scopes together.")
  private @Nullable Long totalBytes;

  @Option(
      names = "--budget-recipes",
      paramLabel = "N",
      description = "How many recipes that are no presets may be applied to one asset.")
  private @Nullable Integer recipes;

  @Option(
      names = "--budget-presets",
      description = "Presets are bounded too (default: they are made whatever is used up).")
  private boolean presets;

  @Option(
      names = "--over-budget",
      paramLabel = "WHAT",
      converter = What.class,
      description =
          "What happens to a new variant beyond a budget: refuse (429), stand-in (the nearest"
              + " variant that is there, else 429), or warn (it is made, and the log tells of it);"
              + " refuse unless said.")
  private @Nullable Beyond beyond;

  /**
   * The bounds.
   *
   * @throws ParameterException if it is said what happens beyond bounds, and there are none
   */
  CostLimits limits(CommandLine line) {
    if (recipes != null && recipes < 0) {
      throw new ParameterException(line, "--budget-recipes: expected 0 or more, found " + recipes);
    }
    CostLimits limits = bounds();
    if (limits.equals(CostLimits.NONE) && (beyond != null || presets)) {
      throw new ParameterException(
          line,
          (beyond == null ? "--budget-presets" : "--over-budget")
              + ": expected a budget with it, for instance --budget-total-cpu 30m, found none");
    }
    limits = beyond == null ? limits : limits.beyond(beyond);
    return presets ? limits.presets(CostLimits.Presets.BOUNDED) : limits;
  }

  private CostLimits bounds() {
    CostLimits limits = CostLimits.NONE;
    limits = scopeCpu == null ? limits : limits.scopeCpu(scopeCpu);
    limits = totalCpu == null ? limits : limits.totalCpu(totalCpu);
    limits = scopeBytes == null ? limits : limits.scopeBytes(scopeBytes);
    limits = totalBytes == null ? limits : limits.totalBytes(totalBytes);
    return recipes == null ? limits : limits.recipes(recipes);
  }

  /** {@code refuse}, {@code stand-in} or {@code warn}. */
  static final class What implements ITypeConverter<Beyond> {
    @Override
    public Beyond convert(String text) {
      return Arrays.stream(Beyond.values())
          .filter(one -> name(one).equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected refuse, stand-in or warn, found " + Text.line(text)));
    }

    private static String name(Beyond one) {
      return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}

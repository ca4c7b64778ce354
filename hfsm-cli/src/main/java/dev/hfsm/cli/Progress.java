package dev.hfsm.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far an ingest is: a bar with rate and ETA on a terminal, a line for each file
 * elsewhere.
 */
final class Progress implements AutoCloseable {

  private static final int INTERVAL_MILLIS = 200;

  private final Output output;
  private final @Nullable ProgressBar bar;

  private Progress(Output output, @Nullable ProgressBar bar) {
    this.output = output;
    this.bar = bar;
  }

  static Progress over(Inputs inputs, Output output) {
    return new Progress(output, isTerminal() ? bar(inputs) : null);
  }

  private static ProgressBar bar(Inputs inputs) {
    return new ProgressBarBuilder()
        .setTaskName("ingest")
        .setInitialMax(inputs.bytes())
        .setUnit(" MB", 1_000_000)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(INTERVAL_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .showSpeed()
        .build();
  }

  /** Since JDK 22 there is a console even without a terminal, and a method that tells. */
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException beforeJdk22) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }

  /** The bytes of one more file have been read. */
  void read(long bytes) {
    if (bar != null) {
      bar.stepBy(bytes);
    }
  }

  /** One more file has its answer. */
  void answered(Answer answer) {
    boolean good =
        answer.outcome() == Answer.Outcome.CREATED || answer.outcome() == Answer.Outcome.DUPLICATE;
    if (bar == null || !good) {
      output.line(answer.line());
    }
  }

  /** All bytes have been read; what follows is waiting. */
  void waiting(int inspections) {
    if (bar != null) {
      bar.setExtraMessage(" inspecting " + inspections);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}

package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;

/** Closes the pipeline in order when the process is told to end, as by Ctrl-C. */
final class Interruption implements AutoCloseable {

  private static volatile boolean underWay;

  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  static Interruption closes(AssetPipeline pipeline, Output output) {
    Thread hook =
        new Thread(
            () -> {
              underWay = true;
              output.remark(
                  "hfsm: interrupted; what was acknowledged is kept, the rest can be ingested again");
              pipeline.close();
            },
            "hfsm-interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  /** Whether the process is ending; what fails now fails for that reason. */
  static boolean isUnderWay() {
    return underWay;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The hook is running: it closes the pipeline.
    }
  }
}

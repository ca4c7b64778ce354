package dev.hfsm.filesystem;

import java.io.IOException;

/** Clears up after a failure without hiding it. */
final class Suppressing {

  private Suppressing() {}

  /** Something done to clear up. */
  interface Step {
    void run() throws IOException;
  }

  /** Runs {@code step}; if it fails too, {@code first} carries that along. */
  static void run(Throwable first, Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException second) {
      first.addSuppressed(second);
    }
  }
}

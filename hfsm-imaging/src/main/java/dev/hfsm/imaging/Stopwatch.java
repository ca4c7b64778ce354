package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Stage;
import java.time.Duration;

/** Adds up what something takes that is done in many small parts. For one thread at a time. */
final class Stopwatch {

  private long begun;
  private long nanos;

  void start() {
    begun = System.nanoTime();
  }

  void stop() {
    nanos += System.nanoTime() - begun;
  }

  /** Takes off what another has measured within the same time. */
  void without(Stopwatch within) {
    nanos -= within.nanos;
  }

  void tell(Stage stage, Budget budget) {
    budget.took(stage, Duration.ofNanos(Math.max(0, nanos)));
  }
}

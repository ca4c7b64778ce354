package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import java.util.concurrent.Executor;

/**
 * Threads of the host that may help with one call.
 *
 * @param executor runs what it is given, or does not: nothing waits for it to begin
 * @param most how many of its threads are used at a time for one call
 */
record Helpers(Executor executor, int most) {

  /** Nobody helps. */
  static final Helpers NONE = new Helpers(task -> {}, 0);

  Helpers {
    if (most < 0) {
      throw new IllegalArgumentException("helpers: expected 0 or more, found " + most);
    }
  }

  /** The same, and what they do is counted. */
  Helpers counted(Budget budget) {
    return new Helpers(task -> executor.execute(() -> budget.help(task)), most);
  }

  boolean exist() {
    return most > 0;
  }
}

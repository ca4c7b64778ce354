package dev.hfsm.benchmarks;

import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Limits;

/** The default limits, no deadline, and as much memory as the heap has. */
final class GenerousBudget implements Budget {

  @Override
  public Limits limits() {
    return Limits.DEFAULT;
  }

  @Override
  public void check() {}

  @Override
  public Memory reserve(long bytes) {
    return () -> {};
  }

  @Override
  public long largest() {
    return Runtime.getRuntime().maxMemory();
  }
}

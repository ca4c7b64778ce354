package dev.hfsm.internal;

import dev.hfsm.error.TransformationException;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Limits;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The budget of one piece of work: a deadline, a way to cancel it, a share of memory. */
final class WorkBudget implements Budget {

  private final Limits limits;
  private final MemoryPool pool;
  private final Duration time;
  private final long deadline;
  private volatile boolean cancelled;

  WorkBudget(Limits limits, MemoryPool pool, Duration time) {
    this.limits = limits;
    this.pool = pool;
    this.time = time;
    this.deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(time);
  }

  /** Makes the next {@link #check} throw. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public void check() {
    if (cancelled) {
      throw new TransformationException(
          "cancelled: the lease was lost or the pipeline closes", null, true);
    }
    if (deadline - System.nanoTime() < 0) {
      throw new TransformationException(
          "took longer than the " + time.toSeconds() + " s allowed", null, true);
    }
  }

  @Override
  public Memory reserve(long bytes) {
    check();
    return pool.reserve(bytes, Math.max(0, deadline - System.nanoTime()));
  }

  @Override
  public long largest() {
    return pool.largest();
  }
}

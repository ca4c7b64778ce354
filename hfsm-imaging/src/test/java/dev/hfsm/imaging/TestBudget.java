package dev.hfsm.imaging;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Stage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A budget that keeps account and can run out of time after so many checks. */
final class TestBudget implements Budget {

  private final Limits limits;
  private final long largest;
  private final long checks;
  final AtomicLong checked = new AtomicLong();
  final AtomicLong reserved = new AtomicLong();
  final AtomicLong mostReserved = new AtomicLong();
  final Map<Stage, Duration> took = new ConcurrentHashMap<>();
  private final long deadline;

  TestBudget() {
    this(Limits.DEFAULT, 160_000_000);
  }

  TestBudget(Limits limits, long largest) {
    this(limits, largest, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  TestBudget(Limits limits, long largest, long checks, long deadline) {
    this.limits = limits;
    this.largest = largest;
    this.checks = checks;
    this.deadline = deadline;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public void check() {
    if (checked.incrementAndGet() > checks || System.nanoTime() > deadline) {
      throw new TransformationException("the deadline has passed", null, true);
    }
  }

  @Override
  public Memory reserve(long bytes) {
    if (bytes > largest) {
      throw new LimitExceededException(bytes + " bytes are more than " + largest, true);
    }
    mostReserved.accumulateAndGet(reserved.addAndGet(bytes), Math::max);
    return new Memory() {
      private boolean closed;

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          reserved.addAndGet(-bytes);
        }
      }
    };
  }

  @Override
  public void took(Stage stage, Duration time) {
    took.merge(stage, time, Duration::plus);
  }

  @Override
  public long largest() {
    return largest;
  }
}

package dev.hfsm.internal;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.transform.Budget;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The memory that all transformations share, given out in order of asking. Thread-safe. */
public final class MemoryPool {

  private static final int UNIT = 1024;
  private static final MemoryPool OF_THIS_JVM =
      new MemoryPool(Runtime.getRuntime().maxMemory() / 2);

  private final Semaphore units;
  private final int total;

  /** A pool of {@code bytes}. */
  public MemoryPool(long bytes) {
    this.total = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes / UNIT));
    this.units = new Semaphore(total, true);
  }

  /** The pool shared by every pipeline of this JVM: half of the largest heap. */
  public static MemoryPool ofThisJvm() {
    return OF_THIS_JVM;
  }

  /** The most one reservation can have, in bytes. */
  public long largest() {
    return (long) total * UNIT;
  }

  /**
   * Takes {@code bytes}, waiting in turn.
   *
   * @throws LimitExceededException if they are more than the pool has, or are not free in time
   */
  public Budget.Memory reserve(long bytes, long timeoutNanos) {
    if (bytes > largest()) {
      throw new LimitExceededException(
          "memory: %d bytes are needed, all transformations together have %d; a larger heap helps"
              .formatted(bytes, largest()),
          true);
    }
    int wanted = (int) ((bytes + UNIT - 1) / UNIT);
    try {
      if (!units.tryAcquire(wanted, timeoutNanos, TimeUnit.NANOSECONDS)) {
        throw new LimitExceededException(
            "memory: %d bytes did not become free in time".formatted(bytes), true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LimitExceededException("memory: interrupted while waiting for it", true);
    }
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.compareAndSet(true, false)) {
        units.release(wanted);
      }
    };
  }
}

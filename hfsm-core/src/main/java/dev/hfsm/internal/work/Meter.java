package dev.hfsm.internal.work;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Measures what the threads that do one piece of work use of processors, and bills it when a thread
 * ends its shift. Thread-safe.
 *
 * <p>Where that is not measured, the time that passes is billed instead, less what was spent
 * waiting for memory.
 */
final class Meter {

  private final CpuClock clock;
  private final LongSupplier wall;
  private final Consumer<Duration> bill;
  private final Map<Thread, Shift> shifts = new ConcurrentHashMap<>();

  /**
   * @param wall what passes, as {@link System#nanoTime}
   * @param bill is told what was used, by whichever thread ends its shift
   */
  Meter(CpuClock clock, LongSupplier wall, Consumer<Duration> bill) {
    this.clock = clock;
    this.wall = wall;
    this.bill = bill;
  }

  /** A thread at work; for that thread. */
  final class Shift implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private final long begun = wall.getAsLong();
    private final long used = clock.nanos();
    private long waited;

    @Override
    public void close() {
      if (shifts.remove(thread, this)) {
        bill.accept(Duration.ofNanos(Math.max(0, nanos(clock.nanos()))));
      }
    }

    private long nanos(long usedNow) {
      boolean measured = used != CpuClock.UNKNOWN && usedNow != CpuClock.UNKNOWN;
      return measured ? usedNow - used : wall.getAsLong() - begun - waited;
    }
  }

  /** The calling thread works from now on; if it does already, nothing is billed twice. */
  Shift begin() {
    Shift shift = new Shift();
    shifts.putIfAbsent(shift.thread, shift);
    return shift;
  }

  /** The calling thread was not at work but waited, for so long. */
  void waited(long nanos) {
    Shift shift = shifts.get(Thread.currentThread());
    if (shift != null) {
      shift.waited += nanos;
    }
  }

  /** Others than threads of this process have used that much. */
  void add(Duration cpu) {
    bill.accept(cpu);
  }
}

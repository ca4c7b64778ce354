package dev.hfsm.internal.work;

import dev.hfsm.error.TransformationException;
import dev.hfsm.internal.MemoryPool;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Stage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The budget of one piece of work: a deadline, a way to cancel it, a share of memory. It is
 * cancelled by itself once its lease has run out without being renewed, whatever the thread that
 * renews is waiting for.
 */
final class WorkBudget implements Budget {

  private final Limits limits;
  private final MemoryPool pool;
  private final Duration time;
  private volatile long leaseEnds;
  private volatile long deadline;
  private volatile long cancelledAt;
  private volatile boolean cancelled;
  private volatile boolean lost;
  private final Set<Reservation> reserved = ConcurrentHashMap.newKeySet();
  private final Meter meter;
  private final Map<Stage, Duration> stages = new ConcurrentHashMap<>();

  /**
   * @param leaseEnds when the lease has run out for certain, as {@link System#nanoTime} tells it
   * @param meter what the work costs
   */
  WorkBudget(Limits limits, MemoryPool pool, Duration time, long leaseEnds, Meter meter) {
    this.meter = meter;
    this.limits = limits;
    this.pool = pool;
    this.time = time;
    this.leaseEnds = leaseEnds;
    begin();
  }

  /** The time allowed begins now. */
  void begin() {
    deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(time);
  }

  /** The lease was renewed. */
  void leaseEnds(long nanoTime) {
    leaseEnds = nanoTime;
  }

  long leaseEnds() {
    return leaseEnds;
  }

  /** Makes the next {@link #check} throw. */
  void cancel() {
    if (!cancelled) {
      cancelledAt = System.nanoTime();
      cancelled = true;
    }
  }

  /** The ledger says that the lease is another's, or nobody's. */
  void lose() {
    lost = true;
    cancel();
  }

  boolean isLost() {
    return lost;
  }

  boolean isLeaseOver() {
    return System.nanoTime() - leaseEnds >= 0;
  }

  boolean isCancelled() {
    return cancelled || isLeaseOver();
  }

  /** For how long, in nanoseconds, the work should have stopped; negative if it may go on. */
  long overdue() {
    long now = System.nanoTime();
    long over = Math.max(now - deadline, now - leaseEnds);
    return cancelled ? Math.max(over, now - cancelledAt) : over;
  }

  @Override
  public void check() {
    if (isCancelled()) {
      throw new TransformationException(
          "cancelled: the lease was lost or the pipeline closes", null, true);
    }
    if (deadline - System.nanoTime() < 0) {
      throw new TransformationException(
          "took longer than the " + time.toSeconds() + " s allowed", null, true);
    }
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public Memory reserve(long bytes) {
    check();
    long begin = System.nanoTime();
    try {
      Memory memory = pool.reserve(bytes, Math.max(0, deadline - begin));
      Reservation reservation = new Reservation(bytes, memory);
      reserved.add(reservation);
      return reservation;
    } finally {
      meter.waited(System.nanoTime() - begin);
    }
  }

  /** How many bytes are reserved now. */
  long reserved() {
    return reserved.stream().mapToLong(reservation -> reservation.bytes).sum();
  }

  /**
   * Gives back what is still reserved, when the thread has come to the end of its step. Not before:
   * what a thread has that does not stop, it may be using.
   */
  void releaseAll() {
    reserved.forEach(Reservation::close);
  }

  private final class Reservation implements Memory {
    private final long bytes;
    private final Memory memory;

    Reservation(long bytes, Memory memory) {
      this.bytes = bytes;
      this.memory = memory;
    }

    @Override
    public void close() {
      memory.close();
      reserved.remove(this);
    }
  }

  @Override
  public long largest() {
    return pool.largest();
  }

  /**
   * The calling thread works until the shift is closed: what it uses is part of the costs. What was
   * told of stages before is forgotten.
   */
  Meter.Shift work() {
    stages.clear();
    return meter.begin();
  }

  /** An equal share of what was told of stages, for each of so many variants; others are absent. */
  Map<Stage, Duration> stages(int shares) {
    Map<Stage, Duration> each = new EnumMap<>(Stage.class);
    stages.forEach((stage, time) -> each.put(stage, time.dividedBy(shares)));
    return each;
  }

  @Override
  public void took(Stage stage, Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time: expected nothing or more, found " + time);
    }
    stages.merge(stage, time, Duration::plus);
  }

  @Override
  public void help(Runnable part) {
    try (Meter.Shift shift = meter.begin()) {
      part.run();
    }
  }

  @Override
  public void charge(Duration cpu) {
    if (cpu.isNegative()) {
      throw new IllegalArgumentException("cpu: expected nothing or more, found " + cpu);
    }
    meter.add(cpu);
  }
}

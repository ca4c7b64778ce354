package dev.hfsm.reliability;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The gate of one process that breaks at one point: before or after the n-th call of a method.
 * Thread-safe.
 */
final class Fault implements Contracts.Gate {

  /** On which side of a call. */
  enum Side {
    BEFORE,
    AFTER
  }

  /** What happens there. */
  enum Kind {
    /** An Error is thrown out of the call, and the process lives on. */
    ERROR,
    /** The process is dead: no call of its comes through any more but those under way. */
    DEATH,
    /** The ledger or the store cannot be reached, or its answer is lost. */
    UNREACHABLE
  }

  /** Where: the {@code nth} call of a method, counted from 1. */
  record Point(String call, int nth, Side side) {
    @Override
    public String toString() {
      return side.name().toLowerCase(Locale.ROOT) + " " + call + " " + nth;
    }
  }

  /** Not an exception: nothing may take it for an answer. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(String where) {
      super(where);
    }
  }

  private final @Nullable Point point;
  private final Kind kind;
  private final Map<String, AtomicInteger> seen = new TreeMap<>();
  private volatile boolean struck;
  private volatile boolean dead;
  private int underWay;

  Fault(@Nullable Point point, Kind kind) {
    this.point = point;
    this.kind = kind;
  }

  /** A process with which nothing is wrong, whose calls are counted. */
  static Fault none() {
    return new Fault(null, Kind.ERROR);
  }

  boolean hasStruck() {
    return struck;
  }

  boolean isDead() {
    return dead;
  }

  /**
   * Waits for the calls that were under way when the process died, which may have come through. A
   * thread that stands still within one must not come through days later, after all was cleared.
   */
  synchronized void awaitLastCalls() throws InterruptedException {
    while (underWay > 0) {
      wait();
    }
  }

  /** A poll waits for what may never come, and changes nothing outside of its process. */
  private static int lasting(String call) {
    return call.equals("queue.poll") ? 0 : 1;
  }

  private synchronized void begin(String call) {
    if (dead) {
      throw new Crash("dead before " + call);
    }
    underWay += lasting(call);
  }

  private synchronized void end(String call) {
    underWay -= lasting(call);
    notifyAll();
  }

  /** How often each method was called. */
  synchronized Map<String, Integer> seen() {
    Map<String, Integer> counts = new TreeMap<>();
    seen.forEach((call, count) -> counts.put(call, count.get()));
    return counts;
  }

  private synchronized int count(String call) {
    return seen.computeIfAbsent(call, c -> new AtomicInteger()).incrementAndGet();
  }

  @Override
  public Object pass(String call, Contracts.Call proceed) throws Throwable {
    begin(call);
    try {
      return passed(call, proceed);
    } finally {
      end(call);
    }
  }

  private Object passed(String call, Contracts.Call proceed) throws Throwable {
    boolean here = point != null && point.call.equals(call) && count(call) == point.nth;
    if (point == null) {
      count(call);
    }
    if (here && point.side == Side.BEFORE) {
      throw strike(call);
    }
    Object answer = proceed.now();
    if (here) {
      throw strike(call);
    }
    if (dead) {
      throw new Crash("dead after " + call);
    }
    return answer;
  }

  private synchronized Throwable strike(String call) {
    struck = true;
    dead = kind == Kind.DEATH;
    if (kind != Kind.UNREACHABLE) {
      return new Crash(String.valueOf(point));
    }
    return call.startsWith("blobs.")
        ? new BlobStoreException("test: " + point, null, true)
        : new LedgerException("test: " + point, null, true);
  }
}

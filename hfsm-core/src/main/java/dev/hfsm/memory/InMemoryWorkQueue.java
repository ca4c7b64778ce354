package dev.hfsm.memory;

import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A queue for the workers of one process. Thread-safe. A poll wakes at once when a hint is offered
 * or comes due.
 *
 * <p>A hint leaves the queue when it is polled and does not come back by itself: only the end of
 * this process could lose it then, and that loses the queue as well. So there is nothing for {@link
 * #ack} to do.
 *
 * <p>Whether a hint is due is read from the clock given; how long a poll waits is real time. A
 * waiting poll does not notice a clock that is moved by hand.
 */
public final class InMemoryWorkQueue implements WorkQueue {

  private static final Comparator<Entry> BY_RANK =
      Comparator.comparingInt((Entry e) -> e.hint.priority())
          .reversed()
          .thenComparing(e -> e.hint.notBefore())
          .thenComparingLong(Entry::number);
  private static final Comparator<Entry> BY_TIME =
      Comparator.comparing((Entry e) -> e.hint.notBefore()).thenComparingLong(Entry::number);

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Subject, Entry> waiting = new HashMap<>();
  private final TreeSet<Entry> due = new TreeSet<>(BY_RANK);
  private final TreeSet<Entry> later = new TreeSet<>(BY_TIME);
  private long offered;
  private boolean closed;

  /** An empty queue. */
  public InMemoryWorkQueue(InstantSource clock) {
    this.clock = clock;
  }

  /** A waiting hint; the number keeps equals in the order they came. */
  private record Entry(Hint hint, long number) {}

  @Override
  public void offer(List<Hint> hints) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      hints.forEach(this::add);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void add(Hint hint) {
    Entry entry = new Entry(hint, offered++);
    Entry earlier = waiting.get(hint.subject());
    if (earlier != null) {
      entry = new Entry(merged(earlier.hint, hint), earlier.number);
      due.remove(earlier);
      later.remove(earlier);
    }
    waiting.put(hint.subject(), entry);
    // Everything passes through `later`: one place decides what is due.
    later.add(entry);
  }

  private static Hint merged(Hint a, Hint b) {
    return new Hint(
        a.subject(),
        a.notBefore().isBefore(b.notBefore()) ? a.notBefore() : b.notBefore(),
        Math.max(a.priority(), b.priority()));
  }

  @Override
  public List<Hint> poll(int max, Duration maxWait) {
    if (max < 1) {
      throw new IllegalArgumentException("max: expected 1 or more, found " + max);
    }
    long start = System.nanoTime();
    long patience = TimeUnit.NANOSECONDS.convert(maxWait);
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
    try {
      while (!closed) {
        Instant now = clock.instant();
        ripen(now);
        long left = patience - (System.nanoTime() - start);
        if (!due.isEmpty() || left <= 0) {
          return take(max);
        }
        changed.awaitNanos(later.isEmpty() ? left : Math.min(left, untilFirst(now)));
      }
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private void ripen(Instant now) {
    while (!later.isEmpty() && !later.first().hint.notBefore().isAfter(now)) {
      due.add(later.pollFirst());
    }
  }

  private long untilFirst(Instant now) {
    return TimeUnit.NANOSECONDS.convert(Duration.between(now, later.first().hint.notBefore()));
  }

  private List<Hint> take(int max) {
    List<Hint> taken = new ArrayList<>();
    while (taken.size() < max && !due.isEmpty()) {
      Hint hint = due.pollFirst().hint;
      waiting.remove(hint.subject());
      taken.add(hint);
    }
    return List.copyOf(taken);
  }

  @Override
  public void ack(List<Hint> done) {}

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

package dev.hfsm.tck.broken;

import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plain, sound and slow queue, to be broken in one place by a subclass. Its lock is itself. */
class BrokenWorkQueue implements WorkQueue {

  static final Comparator<Hint> SOUND_ORDER =
      Comparator.comparing(Hint::priority).reversed().thenComparing(Hint::notBefore);

  final InstantSource clock;
  final Map<Object, Hint> waiting = new LinkedHashMap<>();
  boolean closed;

  BrokenWorkQueue(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void offer(List<Hint> hints) {
    hints.forEach(hint -> waiting.merge(identity(hint.subject()), hint, this::merged));
    wake();
  }

  Object identity(Subject subject) {
    return subject;
  }

  Hint merged(Hint old, Hint hint) {
    boolean older = old.notBefore().isBefore(hint.notBefore());
    return new Hint(
        hint.subject(),
        older ? old.notBefore() : hint.notBefore(),
        Math.max(old.priority(), hint.priority()));
  }

  void wake() {
    notifyAll();
  }

  @Override
  public synchronized List<Hint> poll(int max, Duration maxWait) {
    long end = System.nanoTime() + maxWait.toNanos();
    try {
      while (!closed && !isInterrupted()) {
        List<Hint> taken = take(max);
        long left = (end - System.nanoTime()) / 1_000_000;
        if (!taken.isEmpty() || left <= 0) {
          return taken;
        }
        wait(Math.max(1, Math.min(left, untilFirst())));
      }
    } catch (InterruptedException e) {
      interrupted();
    }
    return List.of();
  }

  boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }

  void interrupted() {
    Thread.currentThread().interrupt();
  }

  long untilFirst() {
    Instant now = clock.instant();
    return waiting.values().stream()
        .mapToLong(hint -> Duration.between(now, hint.notBefore()).toMillis() + 1)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  List<Hint> take(int max) {
    Instant now = clock.instant();
    List<Hint> taken = new ArrayList<>();
    waiting.values().stream()
        .filter(hint -> isDue(hint, now))
        .sorted(order())
        .limit(max)
        .forEach(taken::add);
    waiting.values().removeAll(taken);
    return taken;
  }

  boolean isDue(Hint hint, Instant now) {
    return !hint.notBefore().isAfter(now);
  }

  Comparator<Hint> order() {
    return SOUND_ORDER;
  }

  @Override
  public synchronized void ack(List<Hint> done) {}

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}

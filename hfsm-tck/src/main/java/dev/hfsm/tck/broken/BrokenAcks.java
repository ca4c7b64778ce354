package dev.hfsm.tck.broken;

import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Queues that confuse what is waiting, in flight and done. */
final class BrokenAcks {

  private BrokenAcks() {}

  static Map<String, Function<InstantSource, WorkQueue>> all() {
    Map<String, Function<InstantSource, WorkQueue>> all = new LinkedHashMap<>();
    all.put("what is polled stays until it is acknowledged", StaysUntilAcked::new);
    all.put("what is polled comes back after an hour, done or not", ComesBack::new);
    all.put("acknowledging the unknown is an error", UnknownIsAnError::new);
    all.put("acknowledging clears the queue", AckClears::new);
    all.put("what was done once is never delivered again", NeverAgain::new);
    all.put("offers of what is in flight are dropped", InFlightDropped::new);
    all.put("acknowledging takes back a later offer", AckTakesBack::new);
    return all;
  }

  private static final class StaysUntilAcked extends BrokenWorkQueue {
    StaysUntilAcked(InstantSource clock) {
      super(clock);
    }

    @Override
    List<Hint> take(int max) {
      List<Hint> taken = super.take(max);
      taken.forEach(hint -> waiting.put(hint.subject(), hint));
      // Nobody could ever drain it otherwise.
      return delivered++ < 5 ? taken : List.of();
    }

    private int delivered;

    @Override
    public synchronized void ack(List<Hint> done) {
      done.forEach(hint -> waiting.remove(hint.subject()));
    }
  }

  private static final class ComesBack extends BrokenWorkQueue {
    ComesBack(InstantSource clock) {
      super(clock);
    }

    @Override
    List<Hint> take(int max) {
      List<Hint> taken = super.take(max);
      for (Hint hint : taken) {
        waiting.put(
            hint.subject(),
            new Hint(hint.subject(), clock.instant().plus(Duration.ofHours(1)), hint.priority()));
      }
      return taken;
    }
  }

  /** Keeps count of what is in flight. */
  private abstract static class Counting extends BrokenWorkQueue {
    final Map<Subject, Integer> inFlight = new HashMap<>();

    Counting(InstantSource clock) {
      super(clock);
    }

    @Override
    List<Hint> take(int max) {
      List<Hint> taken = super.take(max);
      taken.forEach(hint -> inFlight.merge(hint.subject(), 1, Integer::sum));
      return taken;
    }
  }

  private static final class UnknownIsAnError extends Counting {
    UnknownIsAnError(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized void ack(List<Hint> done) {
      for (Hint hint : done) {
        if (inFlight.remove(hint.subject()) == null) {
          throw new IllegalArgumentException("not in flight: " + hint);
        }
      }
    }
  }

  private static final class AckClears extends BrokenWorkQueue {
    AckClears(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized void ack(List<Hint> done) {
      waiting.clear();
    }
  }

  private static final class NeverAgain extends BrokenWorkQueue {
    private final Set<Subject> done = new HashSet<>();

    NeverAgain(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized void offer(List<Hint> hints) {
      super.offer(hints.stream().filter(hint -> !done.contains(hint.subject())).toList());
    }

    @Override
    public synchronized void ack(List<Hint> hints) {
      hints.forEach(hint -> done.add(hint.subject()));
    }
  }

  private static final class InFlightDropped extends Counting {
    InFlightDropped(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized void offer(List<Hint> hints) {
      super.offer(hints.stream().filter(hint -> !inFlight.containsKey(hint.subject())).toList());
    }

    @Override
    public synchronized void ack(List<Hint> done) {
      done.forEach(hint -> inFlight.remove(hint.subject()));
    }
  }

  private static final class AckTakesBack extends BrokenWorkQueue {
    AckTakesBack(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized void ack(List<Hint> done) {
      done.forEach(hint -> waiting.remove(hint.subject()));
    }
  }
}

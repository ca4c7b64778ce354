package dev.hfsm.tck.broken;

import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Queues that deliver too early, too much, too often or in the wrong order. */
final class BrokenDeliveries {

  private BrokenDeliveries() {}

  static Map<String, Function<InstantSource, WorkQueue>> all() {
    Map<String, Function<InstantSource, WorkQueue>> all = new LinkedHashMap<>();
    all.put("a poll takes everything", Unbounded::new);
    all.put("the time of a hint is ignored", TimeIgnored::new);
    all.put("the clock is read once", ClockReadOnce::new);
    all.put("hints come in the order of their times", c -> new Ordered(c, BY_TIME));
    all.put("the last comes first", c -> new Ordered(c, BY_TIME.reversed()));
    all.put("among equals the latest comes first", c -> new Ordered(c, BY_PRIORITY_THEN_LATEST));
    all.put("the first in line holds up the others", HeadOfLine::new);
    all.put("every tenth hint is delivered twice", EveryTenthTwice::new);
    return all;
  }

  private static final Comparator<Hint> BY_TIME = Comparator.comparing(Hint::notBefore);
  private static final Comparator<Hint> BY_PRIORITY_THEN_LATEST =
      Comparator.comparing(Hint::priority).thenComparing(Hint::notBefore).reversed();

  private static final class Unbounded extends BrokenWorkQueue {
    Unbounded(InstantSource clock) {
      super(clock);
    }

    @Override
    List<Hint> take(int max) {
      return super.take(Integer.MAX_VALUE);
    }
  }

  private static final class TimeIgnored extends BrokenWorkQueue {
    TimeIgnored(InstantSource clock) {
      super(clock);
    }

    @Override
    boolean isDue(Hint hint, Instant now) {
      return true;
    }
  }

  private static final class ClockReadOnce extends BrokenWorkQueue {
    ClockReadOnce(InstantSource clock) {
      super(InstantSource.fixed(clock.instant()));
    }
  }

  private static final class Ordered extends BrokenWorkQueue {
    private final Comparator<Hint> order;

    Ordered(InstantSource clock, Comparator<Hint> order) {
      super(clock);
      this.order = order;
    }

    @Override
    Comparator<Hint> order() {
      return order;
    }
  }

  private static final class HeadOfLine extends BrokenWorkQueue {
    HeadOfLine(InstantSource clock) {
      super(clock);
    }

    @Override
    List<Hint> take(int max) {
      Optional<Hint> first = waiting.values().stream().min(SOUND_ORDER);
      boolean due = first.map(hint -> isDue(hint, clock.instant())).orElse(false);
      return due ? super.take(max) : List.of();
    }
  }

  private static final class EveryTenthTwice extends BrokenWorkQueue {
    private int delivered;

    EveryTenthTwice(InstantSource clock) {
      super(clock);
    }

    @Override
    List<Hint> take(int max) {
      List<Hint> taken = new ArrayList<>(super.take(max));
      for (Hint hint : taken) {
        if (++delivered % 10 == 0) {
          waiting.put(hint.subject(), hint);
        }
      }
      return taken;
    }
  }
}

package dev.hfsm.tck.broken;

import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Queues that take hints in badly, or merge them badly. */
final class BrokenOffers {

  private BrokenOffers() {}

  static Map<String, Function<InstantSource, WorkQueue>> all() {
    Map<String, Function<InstantSource, WorkQueue>> all = new LinkedHashMap<>();
    all.put("the priority is lost", PriorityLost::new);
    all.put("hints about one digest are merged", MergesByDigest::new);
    all.put("an empty offer is an error", RefusesNothing::new);
    all.put("more than a hundred hints are dropped", Bounded::new);
    all.put("hints are not merged", NotMerged::new);
    all.put("the first hint stays as it is", FirstWins::new);
    all.put("the last hint replaces the first", LastWins::new);
    return all;
  }

  private static final class PriorityLost extends BrokenWorkQueue {
    PriorityLost(InstantSource clock) {
      super(clock);
    }

    @Override
    public void offer(List<Hint> hints) {
      super.offer(hints.stream().map(h -> new Hint(h.subject(), h.notBefore(), 0)).toList());
    }
  }

  private static final class MergesByDigest extends BrokenWorkQueue {
    MergesByDigest(InstantSource clock) {
      super(clock);
    }

    @Override
    Object identity(Subject subject) {
      return subject.asset().digest();
    }
  }

  private static final class RefusesNothing extends BrokenWorkQueue {
    RefusesNothing(InstantSource clock) {
      super(clock);
    }

    @Override
    public void offer(List<Hint> hints) {
      if (hints.isEmpty()) {
        throw new IllegalArgumentException("wrong number of arguments");
      }
      super.offer(hints);
    }
  }

  private static final class Bounded extends BrokenWorkQueue {
    Bounded(InstantSource clock) {
      super(clock);
    }

    @Override
    public synchronized void offer(List<Hint> hints) {
      super.offer(hints.subList(0, Math.min(hints.size(), Math.max(0, 100 - waiting.size()))));
    }
  }

  private static final class NotMerged extends BrokenWorkQueue {
    NotMerged(InstantSource clock) {
      super(clock);
    }

    @Override
    Object identity(Subject subject) {
      return new Object();
    }
  }

  private static final class FirstWins extends BrokenWorkQueue {
    FirstWins(InstantSource clock) {
      super(clock);
    }

    @Override
    Hint merged(Hint old, Hint hint) {
      return old;
    }
  }

  private static final class LastWins extends BrokenWorkQueue {
    LastWins(InstantSource clock) {
      super(clock);
    }

    @Override
    Hint merged(Hint old, Hint hint) {
      return hint;
    }
  }
}

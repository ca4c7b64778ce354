package dev.hfsm.reliability.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Asks of every asset whether what was seen of it can be explained: is there an order in which the
 * operations happened one after the other, each between its start and its end, so that the {@link
 * AssetModel} gives every answer that was given? Operations of unknown outcome may have happened
 * once, at any time after their start, or not at all.
 *
 * <p>The search goes through the history once and keeps every explanation that is left: the state,
 * which of the operations under way have happened already, and which of the unknown ones were used
 * up. Operations are made to happen only when the end of one demands it ("just in time", Lowe,
 * Testing for linearizability, 2017). Of two explanations that differ only in what they used up,
 * the one that used more is dropped.
 */
final class HistoryChecker {

  private static final int MOST_AT_ONCE = 64;

  /** A search that meets more than this has not said that anything is well. */
  private static final int MOST_EXPLANATIONS = 300_000;

  /** An explanation up to some point. Bits of {@code happened} are places of those under way. */
  private record Explanation(int state, long happened, BitSet used) {}

  private record StateAndHappened(int state, long happened) {}

  private record Event(long at, boolean isEnd, Operation operation) {}

  private final Operation[] underWay = new Operation[MOST_AT_ONCE];
  private final List<Operation> unknown = new ArrayList<>();
  private List<Explanation> explanations =
      List.of(new Explanation(AssetModel.EMPTY, 0, new BitSet()));

  private boolean undecided;

  private final int mostExplanations;

  private HistoryChecker(int mostExplanations) {
    this.mostExplanations = mostExplanations;
  }

  /** What cannot be explained, one sentence for each asset; the operations may be in any order. */
  static List<String> anomalies(List<Operation> operations) {
    return anomalies(operations, MOST_EXPLANATIONS);
  }

  /** The same; to meet more than {@code mostExplanations} at once is an anomaly by itself. */
  static List<String> anomalies(List<Operation> operations, int mostExplanations) {
    Map<Integer, List<Operation>> byDigest = new TreeMap<>();
    operations.forEach(
        o -> byDigest.computeIfAbsent(o.digest(), digest -> new ArrayList<>()).add(o));
    List<String> found = new ArrayList<>();
    byDigest.forEach(
        (digest, own) -> {
          new HistoryChecker(mostExplanations).check(own).ifPresent(found::add);
          keyUsedTwice(own).ifPresent(found::add);
        });
    return found;
  }

  private Optional<String> check(List<Operation> operations) {
    for (Event event : events(operations)) {
      Operation operation = event.operation();
      if (operation.isUnknown()) {
        unknown.add(operation);
      } else if (!event.isEnd()) {
        underWay[freePlace()] = operation;
      } else if (!end(operation)) {
        return Optional.of(
            (undecided ? "it was not decided what explains " : "nothing explains ")
                + operation
                + " after "
                + before(operations, operation));
      }
    }
    return Optional.empty();
  }

  private static List<Event> events(List<Operation> operations) {
    List<Event> events = new ArrayList<>();
    for (Operation operation : operations) {
      events.add(new Event(operation.start(), false, operation));
      if (!operation.isUnknown()) {
        events.add(new Event(operation.end(), true, operation));
      }
    }
    // What begins at the very moment at which another ends may have been before it.
    events.sort(Comparator.comparingLong(Event::at).thenComparing(Event::isEnd));
    return events;
  }

  /** The last few that had ended, for a reader of the message. */
  private static List<Operation> before(List<Operation> operations, Operation last) {
    List<Operation> earlier =
        operations.stream()
            .filter(o -> o.start() < last.end() && o != last)
            .sorted(Comparator.comparingLong(Operation::start))
            .toList();
    return earlier.subList(Math.max(0, earlier.size() - 12), earlier.size());
  }

  private int freePlace() {
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      if (underWay[i] == null) {
        return i;
      }
    }
    throw new IllegalStateException("more than " + MOST_AT_ONCE + " operations at once");
  }

  private int placeOf(Operation operation) {
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      if (underWay[i] == operation) {
        return i;
      }
    }
    throw new IllegalStateException("not under way: " + operation);
  }

  /** Keeps the explanations in which {@code ended} has happened; says whether there are any. */
  private boolean end(Operation ended) {
    int place = placeOf(ended);
    Map<StateAndHappened, List<BitSet>> seen = new HashMap<>();
    Map<StateAndHappened, List<BitSet>> left = new HashMap<>();
    Deque<Explanation> open = new ArrayDeque<>(explanations);
    int met = 0;
    while (!open.isEmpty()) {
      if (++met > mostExplanations) {
        undecided = true;
        return false;
      }
      Explanation e = open.pop();
      if ((e.happened() & 1L << place) != 0) {
        addUnlessDominated(left, e.state(), e.happened() & ~(1L << place), e.used());
      } else if (addUnlessDominated(seen, e.state(), e.happened(), e.used())) {
        goOn(e, open);
      }
    }
    underWay[place] = null;
    explanations = new ArrayList<>();
    left.forEach(
        (key, sets) ->
            sets.forEach(
                used -> explanations.add(new Explanation(key.state(), key.happened(), used))));
    return !explanations.isEmpty();
  }

  /** Every explanation that has one operation more. */
  private void goOn(Explanation e, Deque<Explanation> open) {
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      if (underWay[i] != null && (e.happened() & 1L << i) == 0) {
        int state = AssetModel.after(e.state(), underWay[i]);
        if (state != AssetModel.IMPOSSIBLE) {
          open.push(new Explanation(state, e.happened() | 1L << i, e.used()));
        }
      }
    }
    for (int i = e.used().nextClearBit(0); i < unknown.size(); i = e.used().nextClearBit(i + 1)) {
      int state = AssetModel.after(e.state(), unknown.get(i));
      if (state != e.state() && isFirstOfItsKind(i, e.used())) {
        BitSet used = (BitSet) e.used().clone();
        used.set(i);
        open.push(new Explanation(state, e.happened(), used));
      }
    }
  }

  /** Of several that do the same, the first serves as well as any. */
  private boolean isFirstOfItsKind(int index, BitSet used) {
    Operation operation = unknown.get(index);
    for (int i = used.nextClearBit(0); i < index; i = used.nextClearBit(i + 1)) {
      Operation earlier = unknown.get(i);
      if (earlier.kind() == operation.kind() && earlier.name() == operation.name()) {
        return false;
      }
    }
    return true;
  }

  private static boolean addUnlessDominated(
      Map<StateAndHappened, List<BitSet>> kept, int state, long happened, BitSet used) {
    List<BitSet> sets =
        kept.computeIfAbsent(new StateAndHappened(state, happened), key -> new ArrayList<>());
    if (sets.stream().anyMatch(other -> isSubset(other, used))) {
      return false;
    }
    sets.removeIf(other -> isSubset(used, other));
    sets.add(used);
    return true;
  }

  private static boolean isSubset(BitSet small, BitSet large) {
    BitSet rest = (BitSet) small.clone();
    rest.andNot(large);
    return rest.isEmpty();
  }

  /** A key that was seen, then surely another, then surely the first again. */
  private static Optional<String> keyUsedTwice(List<Operation> operations) {
    List<Operation> finds =
        operations.stream()
            .filter(
                o -> o.kind() == Operation.Kind.FIND && o.outcome() == Operation.Outcome.PRESENT)
            .sorted(Comparator.comparingLong(Operation::start))
            .toList();
    Map<String, Long> firstEnd = new HashMap<>();
    Map<String, Long> lastStart = new HashMap<>();
    for (Operation find : finds) {
      firstEnd.merge(find.detail(), find.end(), Math::min);
      lastStart.merge(find.detail(), find.start(), Math::max);
    }
    return finds.stream()
        .filter(
            between ->
                firstEnd.entrySet().stream()
                    .anyMatch(
                        other ->
                            !other.getKey().equals(between.detail())
                                && other.getValue() < between.start()
                                && between.end() < lastStart.get(other.getKey())))
        .findFirst()
        .map(find -> "a key was there before and after " + find);
  }
}

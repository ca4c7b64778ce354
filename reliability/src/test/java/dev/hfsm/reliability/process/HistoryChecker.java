package dev.hfsm.reliability.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * which of the operations under way have happened already, and how many of the unknown ones were
 * used up. Operations are made to happen only when the end of one demands it ("just in time", Lowe,
 * Testing for linearizability, 2017), and unknown ones only when an answer demands them; see {@link
 * Doubts}. Reads that fit happen at once. Of two explanations that differ only in what they used
 * up, the one that used more is dropped. Where the search would take too long the asset is
 * undecided, which is as bad as broken.
 */
final class HistoryChecker {

  /** More explanations than this are not weighed for one asset. */
  static final int BOUND = 5_000_000;

  private static final int MOST_AT_ONCE = 64;

  /**
   * What was found.
   *
   * @param wrong what cannot be explained or was not decided, one sentence for each
   * @param assets how many there were
   * @param undecided of how many the search was given up
   * @param longest how many explanations were weighed of the asset that took most
   */
  record Verdict(List<String> wrong, int assets, int undecided, int longest) {}

  /**
   * An explanation up to some point. Bits of {@code happened} are places of those under way; the
   * numbers are of the sorts of {@link Doubts}.
   */
  private record Explanation(int state, long happened, int[] used) {}

  private record StateAndHappened(int state, long happened) {}

  private record Event(long at, boolean isEnd, Operation operation) {}

  private final Operation[] underWay = new Operation[MOST_AT_ONCE];
  private final List<Operation> operations;
  private final Doubts doubts;
  private final int bound;
  private List<Explanation> explanations;
  private int weighed;

  private HistoryChecker(List<Operation> operations, int bound) {
    this.operations = operations;
    this.doubts = new Doubts(operations);
    this.bound = bound;
    this.explanations = List.of(new Explanation(AssetModel.EMPTY, 0, doubts.noneUsed()));
  }

  /** What is wrong, one sentence for each asset; the operations may be in any order. */
  static List<String> anomalies(List<Operation> operations) {
    return check(operations, BOUND).wrong();
  }

  /** The same, with figures; gives up on an asset after {@code bound} explanations. */
  static Verdict check(List<Operation> operations, int bound) {
    Map<Integer, List<Operation>> byDigest = new TreeMap<>();
    for (Operation o : operations) {
      List<Operation> own = byDigest.computeIfAbsent(o.digest(), digest -> new ArrayList<>());
      if (o.outcome() != Operation.Outcome.NONE) { // that says nothing
        own.add(o);
      }
    }
    List<String> wrong = new ArrayList<>();
    int undecided = 0;
    int longest = 0;
    for (List<Operation> own : byDigest.values()) {
      HistoryChecker checker = new HistoryChecker(own, bound);
      checker.explain().ifPresent(wrong::add);
      keyUsedTwice(own).ifPresent(wrong::add);
      undecided += checker.isUndecided() ? 1 : 0;
      longest = Math.max(longest, checker.weighed);
    }
    return new Verdict(wrong, byDigest.size(), undecided, longest);
  }

  private boolean isUndecided() {
    return weighed > bound;
  }

  private Optional<String> explain() {
    for (Event event : events(operations)) {
      Operation operation = event.operation();
      if (operation.isUnknown()) {
        doubts.begin(operation);
      } else if (!event.isEnd()) {
        underWay[freePlace()] = operation;
      } else {
        end(operation);
        if (isUndecided()) {
          return Optional.of(undecided(operation));
        }
        if (explanations.isEmpty()) {
          return Optional.of(
              "nothing explains " + operation + " after " + before(operations, operation));
        }
      }
    }
    return Optional.empty();
  }

  private String undecided(Operation at) {
    return "asset %d is undecided: more than %d explanations of its %d operations, %d unknown, at %s"
        .formatted(
            at.digest(),
            bound,
            operations.size(),
            operations.stream().filter(Operation::isUnknown).count(),
            at);
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

  /** Keeps the explanations in which {@code ended} has happened. */
  private void end(Operation ended) {
    int place = placeOf(ended);
    Map<StateAndHappened, List<int[]>> seen = new HashMap<>();
    Map<StateAndHappened, List<int[]>> left = new HashMap<>();
    Deque<Explanation> open = new ArrayDeque<>();
    explanations.forEach(e -> open.addLast(withWhatFits(e.state(), e.happened(), e.used())));
    while (!open.isEmpty() && !isUndecided()) {
      Explanation e = open.removeFirst();
      weighed++;
      if ((e.happened() & 1L << place) != 0) {
        addUnlessSpared(left, e.state(), e.happened() & ~(1L << place), e.used());
      } else if (addUnlessSpared(seen, e.state(), e.happened(), e.used())) {
        goOn(e, open);
      }
    }
    underWay[place] = null;
    explanations = new ArrayList<>();
    left.forEach(
        (key, kept) ->
            kept.forEach(
                used -> explanations.add(new Explanation(key.state(), key.happened(), used))));
  }

  /** Every explanation that has one more of those under way, and the unknown ones it needs. */
  private void goOn(Explanation e, Deque<Explanation> open) {
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      if (underWay[i] != null && (e.happened() & 1L << i) == 0) {
        for (Doubts.Way way : doubts.ways(e.state(), underWay[i])) {
          int[] used = Doubts.sum(e.used(), way.needs());
          if (doubts.suffice(used)) {
            open.addLast(withWhatFits(way.state(), e.happened() | 1L << i, used));
          }
        }
      }
    }
  }

  /** What is under way, fits, and could never change anything has happened: it is done with. */
  private Explanation withWhatFits(int state, long happened, int[] used) {
    long all = happened;
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      if (underWay[i] != null
          && (all & 1L << i) == 0
          && neverChangesAnything(underWay[i])
          && AssetModel.after(state, underWay[i]) == state) {
        all |= 1L << i;
      }
    }
    return new Explanation(state, all, used);
  }

  /**
   * A write that changes nothing now might yet, later; what was refused or only looked does not.
   */
  private static boolean neverChangesAnything(Operation operation) {
    return !operation.kind().writes() || operation.outcome() == Operation.Outcome.ABSENT;
  }

  private boolean addUnlessSpared(
      Map<StateAndHappened, List<int[]>> kept, int state, long happened, int[] used) {
    List<int[]> others =
        kept.computeIfAbsent(new StateAndHappened(state, happened), key -> new ArrayList<>());
    for (int[] other : others) {
      if (doubts.spares(other, used)) {
        return false;
      }
    }
    others.removeIf(other -> doubts.spares(used, other));
    others.add(used);
    return true;
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

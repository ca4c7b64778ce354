package dev.hfsm.reliability.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The operations of unknown outcome of one asset. Those that do the same are interchangeable, hence
 * they are counted and not told apart: how many have begun, and how many of them an explanation has
 * used up. Not thread-safe.
 */
final class Doubts {

  /** One of each sort. */
  private final List<Operation> sorts = new ArrayList<>();

  /** For each sort another that can do all it does and more, or -1. */
  private final int[] stronger;

  private final int[] begun;
  private final Map<Integer, Map<Integer, List<int[]>>> reaches = new HashMap<>();
  private final Map<Question, List<Way>> ways = new HashMap<>();

  /** A state after an operation, and how many of each sort had to happen before it for that. */
  record Way(int state, int[] needs) {}

  private record Question(
      int state, Operation.Kind kind, int name, Operation.Outcome outcome, String detail) {}

  private record Reached(int state, int[] by) {}

  /**
   * @param operations all of the asset
   */
  Doubts(List<Operation> operations) {
    operations.stream()
        .filter(o -> o.isUnknown() && sortOf(o.kind(), o.name()) < 0)
        .forEach(sorts::add);
    begun = new int[sorts.size()];
    stronger = new int[sorts.size()];
    for (int i = 0; i < stronger.length; i++) {
      Operation weak = sorts.get(i);
      stronger[i] =
          switch (weak.kind()) {
            case RETAIN -> sortOf(Operation.Kind.INGEST, weak.name());
            case COLLECT -> sortOf(Operation.Kind.PURGE, weak.name());
            default -> -1;
          };
    }
  }

  private int sortOf(Operation.Kind kind, int name) {
    boolean isAboutAName = kind != Operation.Kind.COLLECT && kind != Operation.Kind.PURGE;
    for (int i = 0; i < sorts.size(); i++) {
      if (sorts.get(i).kind() == kind && (!isAboutAName || sorts.get(i).name() == name)) {
        return i;
      }
    }
    return -1;
  }

  void begin(Operation unknown) {
    begun[sortOf(unknown.kind(), unknown.name())]++;
  }

  int[] noneUsed() {
    return new int[begun.length];
  }

  /** Whether as many have begun. */
  boolean suffice(int[] used) {
    return isWithin(used, begun);
  }

  /**
   * Whether everything that can be explained after {@code most} was used up can be explained after
   * {@code least} was. A retain that is used up counts less than an ingest of the same name: what
   * is left of the latter does all that the former could. So with a collection and a purge.
   */
  boolean spares(int[] least, int[] most) {
    for (int i = 0; i < least.length; i++) {
      int other = stronger[i];
      int more = least[i] - most[i] + (other < 0 ? 0 : least[other] - most[other]);
      if (more > 0) {
        return false;
      }
    }
    return true;
  }

  static int[] sum(int[] one, int[] other) {
    int[] sum = one.clone();
    Arrays.setAll(sum, i -> one[i] + other[i]);
    return sum;
  }

  private static boolean isWithin(int[] small, int[] large) {
    for (int i = 0; i < small.length; i++) {
      if (small[i] > large[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * How {@code next} can happen in {@code state}, with unknown ones before it or without. Left out
   * is what needs more than another way to the same end, and what needs something before {@code
   * next} that could as well happen after it: it will be found when it is needed.
   */
  List<Way> ways(int state, Operation next) {
    return ways.computeIfAbsent(
        new Question(state, next.kind(), next.name(), next.outcome(), next.detail()),
        question -> newWays(state, next));
  }

  private List<Way> newWays(int state, Operation next) {
    List<Way> all = new ArrayList<>();
    reach(state)
        .forEach(
            (between, lists) -> {
              int after = AssetModel.after(between, next);
              if (after != AssetModel.IMPOSSIBLE) {
                lists.forEach(needs -> all.add(new Way(after, needs)));
              }
            });
    List<Way> best = new ArrayList<>();
    for (Way way : all) {
      boolean beaten =
          best.stream().anyMatch(w -> w.state() == way.state() && isWithin(w.needs(), way.needs()));
      if (!beaten && !canWait(way, all)) {
        best.removeIf(w -> w.state() == way.state() && isWithin(way.needs(), w.needs()));
        best.add(way);
      }
    }
    return List.copyOf(best);
  }

  private boolean canWait(Way way, List<Way> all) {
    for (int i = 0; i < sorts.size(); i++) {
      if (way.needs()[i] > 0) {
        int[] rest = way.needs().clone();
        rest[i]--;
        Operation last = sorts.get(i);
        if (all.stream()
            .anyMatch(
                w ->
                    isWithin(w.needs(), rest)
                        && AssetModel.after(w.state(), last) == way.state())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The states to which unknown ones alone lead, each with the least that leads there. */
  private Map<Integer, List<int[]>> reach(int from) {
    return reaches.computeIfAbsent(from, this::newReach);
  }

  private Map<Integer, List<int[]>> newReach(int from) {
    Map<Integer, List<int[]>> reach = new TreeMap<>();
    reach.put(from, new ArrayList<>(List.of(noneUsed())));
    Deque<Reached> open = new ArrayDeque<>(List.of(new Reached(from, noneUsed())));
    while (!open.isEmpty()) { // the shortest first, so that no later one needs less
      Reached reached = open.removeFirst();
      for (int i = 0; i < sorts.size(); i++) {
        int state = AssetModel.after(reached.state(), sorts.get(i));
        int[] by = reached.by().clone();
        by[i]++;
        List<int[]> known = reach.computeIfAbsent(state, s -> new ArrayList<>());
        if (known.stream().noneMatch(less -> isWithin(less, by))) {
          known.add(by);
          open.addLast(new Reached(state, by));
        }
      }
    }
    return reach;
  }
}

package dev.hfsm.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.reliability.Fault.Kind;
import dev.hfsm.reliability.Fault.Point;
import dev.hfsm.reliability.Fault.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Breaks a process before and after every contract call it makes while it ingests, inspects,
 * derives, collects, sweeps and reaps; then starts another one over the same ledger and store, lets
 * every window pass, and looks at what is there.
 */
class CrashPointProofTest {

  private static final int RUNS_AT_A_TIME = 24;

  /** How many calls of a method are broken into that is called again and again until it answers. */
  private static final int POLLS = 3;

  /** How many lives a point is looked for in that a life may not come to. */
  private static final int TRIES = 4;

  /**
   * How many for a call that every life makes which has the machine to itself. Where many are lived
   * at a time, one may end before its chores had a turn.
   */
  private static final int TRIES_OF_WHAT_IS_CERTAIN = 40;

  /** What is settled together, or done now and then, differs from life to life. */
  private static final int COUNTING = 4;

  private static final Set<String> POLLED =
      Set.of(
          "work.claim",
          "work.reap",
          "work.renew",
          "operator.due",
          "operator.paused",
          "queue.poll",
          "queue.ack",
          "queue.offer",
          "bell.ring",
          "bell.listen",
          "chores.lease");

  @TempDir Path spool;

  private record Tried(
      Point point, Kind kind, boolean struck, boolean needed, List<String> wrong) {}

  @Test
  void everyPointBeforeAndAfterAContractCallCanBeRecoveredFrom() throws Exception {
    Proof proof = Proof.of("a1", "crash points");
    Map<String, Integer> calls = new TreeMap<>();
    Set<String> certain = new TreeSet<>();
    for (boolean queued : new boolean[] {false, true}) {
      Map<String, Integer> always = counted(queued);
      for (int i = 1; i < COUNTING; i++) {
        Map<String, Integer> again = counted(queued);
        always.replaceAll((call, n) -> Math.min(n, again.getOrDefault(call, 0)));
      }
      // A call of one life and not of another was made because something stood still. It is tried
      // as well, and may not come again.
      always.forEach(
          (call, n) -> {
            if (n > 0) {
              certain.add(call);
            }
          });
      always.replaceAll((call, n) -> Math.max(n, 1));
      always.forEach((call, n) -> calls.merge(call, n, Math::max));
    }
    System.out.println("calls of one lifetime: " + calls);
    List<Tried> tried = tryAll(points(calls), certain);
    List<Tried> wrong = tried.stream().filter(t -> !t.wrong.isEmpty()).toList();
    List<Tried> missed = tried.stream().filter(t -> !t.struck).toList();
    long healed = tried.stream().filter(Tried::needed).count();
    proof
        .ran("%d contract calls of one lifetime, each broken into before and after", sum(calls))
        .ran("%d points, %s: %d lives", points(calls).size(), kinds(), tried.size())
        .ran("%d lives did not come to their point, for lack of a call to repeat", missed.size())
        .ran("%d of them left work or bytes to be healed, and were", healed)
        .violated(wrong.size())
        .write();
    assertThat(wrong).as("seed %d", proof.seed()).isEmpty();
    assertThat(healed).as("lives that left something to heal").isPositive();
    assertThat(struckOnBothSides(tried)).as("calls broken into").containsAll(twice(certain));
    assertThat(missed.stream().filter(t -> certain.contains(t.point.call())))
        .filteredOn(t -> !isPolled(t.point))
        .as("points that were never reached")
        .hasSizeLessThan(tried.size() / 20);
  }

  private static Set<String> struckOnBothSides(List<Tried> tried) {
    return tried.stream()
        .filter(Tried::struck)
        .map(t -> t.point.side() + " " + t.point.call())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> twice(Set<String> calls) {
    return calls.stream()
        .flatMap(call -> Stream.of(Side.BEFORE + " " + call, Side.AFTER + " " + call))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Map<String, Integer> counted(boolean queued) throws InterruptedException {
    Lifetime counting = new Lifetime(spool, Fault.none(), queued);
    assertThat(counting.liveAndRecover()).as("without a fault").isEmpty();
    return counting.fault().seen();
  }

  private static Set<Kind> kinds() {
    return Proof.isLong() ? EnumSet.allOf(Kind.class) : EnumSet.of(Kind.ERROR, Kind.DEATH);
  }

  private static int sum(Map<String, Integer> calls) {
    return calls.entrySet().stream()
        .mapToInt(e -> isPolled(e.getKey()) ? Math.min(POLLS, e.getValue()) : e.getValue())
        .sum();
  }

  private static boolean isPolled(Point point) {
    return isPolled(point.call());
  }

  private static boolean isPolled(String call) {
    return POLLED.contains(call) || call.startsWith("reader.");
  }

  private static List<Point> points(Map<String, Integer> calls) {
    List<Point> points = new ArrayList<>();
    calls.forEach(
        (call, count) -> {
          for (int n = 1; n <= (isPolled(call) ? Math.min(POLLS, count) : count); n++) {
            points.add(new Point(call, n, Side.BEFORE));
            points.add(new Point(call, n, Side.AFTER));
          }
        });
    return points;
  }

  private List<Tried> tryAll(List<Point> points, Set<String> certain) throws Exception {
    List<Callable<Tried>> tasks = new ArrayList<>();
    for (Point point : points) {
      int tries = certain.contains(point.call()) ? TRIES_OF_WHAT_IS_CERTAIN : TRIES;
      for (Kind kind : kinds()) {
        tasks.add(() -> tried(point, kind, tries));
      }
    }
    ExecutorService pool = Executors.newFixedThreadPool(RUNS_AT_A_TIME);
    try {
      List<Tried> tried = new ArrayList<>();
      for (Future<Tried> future : pool.invokeAll(tasks)) {
        tried.add(future.get());
      }
      return tried;
    } finally {
      pool.shutdownNow();
    }
  }

  /** A point that only one of the two kinds of pipeline reaches is reached by the other try. */
  private Tried tried(Point point, Kind kind, int tries) throws Exception {
    List<String> wrong = new ArrayList<>();
    boolean struck = false;
    boolean needed = false;
    boolean queueFirst = point.call().startsWith("queue.");
    for (int i = 0; i < tries && !struck; i++) {
      Fault fault = new Fault(point, kind);
      Lifetime life = new Lifetime(spool, fault, queueFirst == (i % 2 == 0));
      for (String what : life.liveAndRecover()) {
        wrong.add(kind + " " + point + ": " + what);
      }
      struck = fault.hasStruck();
      needed = life.neededHealing();
    }
    return new Tried(point, kind, struck, needed, wrong);
  }
}

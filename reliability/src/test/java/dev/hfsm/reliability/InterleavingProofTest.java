package dev.hfsm.reliability;

import static dev.hfsm.reliability.Stage.GRACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.reliability.Explorer.Finding;
import dev.hfsm.storage.Stamp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ingest × ingest of the same bytes × release × collect × sweep × derive, step by step, in every
 * order within a bound. Actors may stall as long as they like: time itself is an actor, so whatever
 * is not chosen before it stalls through a lease, a grace or the sweep window.
 */
class InterleavingProofTest {

  /** Every order: no run has so many steps. */
  private static final int UNBOUNDED = 1000;

  private static final Duration LONG_AGO = Stamp.SWEEP_WINDOW.plusHours(2);

  @TempDir Path spool;

  private record Cast(String actors, Explorer.Stage stage, int shortBound, int longBound) {}

  private Stage stage() {
    return new Stage(spool);
  }

  private List<Cast> casts() {
    return List.of(
        new Cast(
            "ingest × ingest × time",
            () -> stage().ingest("a").ingest("b").everyWindowPasses(),
            2,
            UNBOUNDED),
        new Cast(
            "ingest × sweep × time",
            () -> stage().ingest("a").sweep().everyWindowPasses(),
            2,
            UNBOUNDED),
        new Cast(
            "ingest × collect of a released asset",
            () -> stage().released().later(GRACE).ingest("a").collect(GRACE),
            4,
            UNBOUNDED),
        new Cast(
            "ingest × ingest × collect of a released asset",
            () -> stage().released().later(GRACE).ingest("a").ingest("b").collect(GRACE),
            2,
            UNBOUNDED),
        new Cast(
            "ingest × release × collect × time",
            () -> stage().kept().ingest("a").release("old").collect(GRACE).everyWindowPasses(),
            2,
            5),
        new Cast(
            "ingest × ingest × sweep of a failed asset",
            () -> stage().failed().later(LONG_AGO).ingest("a").ingest("b").sweep(),
            2,
            5),
        new Cast(
            "ingest × ingest × sweep of a damaged asset",
            () -> stage().damaged().later(LONG_AGO).ingest("a").ingest("b").sweep(),
            2,
            5),
        new Cast(
            "worker × worker × reap × time",
            () -> stage().kept().wanted().work("w1").work("w2").reap().leasePasses(),
            2,
            UNBOUNDED),
        new Cast(
            "derive × collect × sweep × time",
            () ->
                stage()
                    .released()
                    .later(GRACE)
                    .wanted()
                    .work("w1")
                    .collect(GRACE)
                    .sweep()
                    .everyWindowPasses(),
            1,
            3));
  }

  private Stage everybody() {
    return stage()
        .kept()
        .wanted()
        .ingest("a")
        .ingest("b")
        .release("old")
        .collect(GRACE)
        .sweep()
        .work("w1")
        .work("w2")
        .reap()
        .time(
            Lifetime.LEASE.plusSeconds(1),
            GRACE,
            Stamp.SWEEP_WINDOW.dividedBy(2),
            Stamp.SWEEP_WINDOW);
  }

  @Test
  void noOrderOfStepsLosesDoublesOrStrandsAnything() {
    Proof proof = Proof.of("b1", "interleavings");
    int most = Proof.inShortOrLong(20_000, 200_000);
    List<String> wrong = new ArrayList<>();
    int runs = 0;
    for (Cast cast : casts()) {
      long start = System.nanoTime();
      int bound = Proof.inShortOrLong(cast.shortBound, cast.longBound);
      Explorer explorer = new Explorer(cast.stage, bound, most);
      explorer.explore().ifPresent(finding -> wrong.add(cast.actors + ": " + told(finding)));
      runs += explorer.runs();
      String extent =
          !explorer.isComplete()
              ? "the first orders of bound " + bound
              : bound == UNBOUNDED
                  ? "every order"
                  : "every order of up to " + bound + " preemptions";
      proof.ran("%s: %,d, %s", cast.actors, explorer.runs(), extent);
      System.out.printf(
          "%s: %d runs, %s, %.1f s%n",
          cast.actors, explorer.runs(), extent, (System.nanoTime() - start) / 1e9);
    }
    Explorer wandering =
        new Explorer(this::everybody, UNBOUNDED, Proof.inShortOrLong(4_000, 500_000));
    wandering.wander(proof.random()).ifPresent(finding -> wrong.add("by lot: " + told(finding)));
    runs += wandering.runs();
    proof
        .ran(
            "ingest × ingest × release × collect × sweep × worker × worker × reap × time: %,d orders"
                + " drawn by lot",
            wandering.runs())
        .ran("%,d runs in all", runs)
        .violated(wrong.size())
        .write();
    assertThat(wrong).as("seed %d", proof.seed()).isEmpty();
  }

  private static String told(Finding finding) {
    return finding.wrong() + "\n" + finding.story();
  }

  private Stage broken(BinaryOperator<AssetLedger> breaking) {
    return new Stage(spool, new Random(1), breaking);
  }

  private Map<String, Explorer.Stage> broken() {
    RandomGenerator constant = () -> 42;
    Map<String, Explorer.Stage> broken = new LinkedHashMap<>();
    broken.put("law 2, the row before its bytes", () -> stage().ingestRowFirst("a").ingest("b"));
    broken.put(
        "law 2, the bytes removed before their row",
        () ->
            stage()
                .released()
                .later(GRACE)
                .collectWrongly(BrokenClearing.Way.BYTES_FIRST)
                .ingest("a"));
    broken.put(
        "law 5, publishing without a look at the fence",
        () ->
            broken(BrokenLedgers::unfenced)
                .kept()
                .wanted()
                .work("w1")
                .work("w2")
                .reap()
                .leasePasses());
    broken.put(
        "law 6, a key used twice",
        () ->
            new Stage(spool, constant, (gated, ungated) -> gated)
                .released()
                .ingest("a")
                .collect(Duration.ZERO));
    broken.put(
        "collect that looks, then removes",
        () ->
            stage()
                .released()
                .later(GRACE)
                .collectWrongly(BrokenClearing.Way.LOOK_THEN_REMOVE)
                .ingest("a"));
    broken.put(
        "retain that looks, then claims",
        () ->
            broken((gated, ungated) -> BrokenLedgers.lookThenRetain(gated))
                .released()
                .later(GRACE)
                .ingest("a")
                .collect(GRACE));
    broken.put("a sweep without a window", () -> stage().ingest("a").sweepWithoutWindow());
    return broken;
  }

  @Test
  void everyLawThatIsDroppedIsNoticed() {
    Proof proof = Proof.of("b2", "broken laws");
    broken()
        .forEach(
            (law, stage) -> {
              Explorer explorer = new Explorer(stage, 3, 20_000);
              Optional<Finding> finding = explorer.explore();
              assertThat(finding).as(law + " is noticed").isPresent();
              System.out.printf("%s, run %d: %s%n", law, explorer.runs(), told(finding.get()));
              proof.ran("%s: noticed in run %d", law, explorer.runs());
            });
    proof.violated(0).write();
  }
}

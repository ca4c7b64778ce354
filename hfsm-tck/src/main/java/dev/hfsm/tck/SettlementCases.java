package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.failure;
import static dev.hfsm.tck.LedgerScene.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settled.Outcome;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.Settlement.Rendered;
import dev.hfsm.ledger.Settlement.Step;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.storage.Stamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much work is reported at once, and each piece as if by itself. */
interface SettlementCases extends LedgerCases {

  @Test
  default void severalAreSettledAtOnceAndAnsweredInTheirOrder() {
    LedgerScene scene = scene();
    Claim fingerprinted = scene.admitAndClaim(asset("fingerprinted"));
    scene.describe(asset("rendered"));
    Claim rendered = scene.requestAndClaim(asset("rendered"), "t");
    Claim refused = scene.admitAndClaim(asset("refused"));
    VariantContent content = scene.content(asset("rendered"), "t");
    Facts reason = Facts.of(Fact.REJECTION, "60 MP");
    List<Settled> settled =
        scene.settle(
            new Step(fingerprinted.lease(), AssetEvent.FINGERPRINTED, Facts.of(Fact.WIDTH, 3)),
            new Rendered(rendered.lease(), content),
            new Step(refused.lease(), AssetEvent.REFUSED, reason));
    assertThat(settled)
        .containsExactly(
            done(AssetState.INGESTED, AssetEvent.FINGERPRINTED),
            done(AssetState.METADATA_READY, AssetEvent.FIRST_VARIANT_PUBLISHED),
            done(AssetState.INGESTED, AssetEvent.REFUSED));
    assertThat(scene.row(asset("fingerprinted")).state()).isEqualTo(AssetState.DEDUP_CHECK);
    assertThat(scene.row(asset("fingerprinted")).facts()).isEqualTo(Facts.of(Fact.WIDTH, 3));
    assertThat(scene.row(asset("rendered")).state()).isEqualTo(AssetState.VARIANTS_READY);
    assertThat(scene.row(asset("rendered"), "t").content()).isEqualTo(content);
    assertThat(scene.ledger.operator().work(asset("rendered"))).isEmpty();
    assertThat(scene.row(asset("refused")).state()).isEqualTo(AssetState.REJECTED);
    assertThat(scene.row(asset("refused")).facts()).isEqualTo(reason);
    assertThat(scene.ledger.operator().work(asset("refused"))).isEmpty();
  }

  @Test
  default void whatIsSettledIsWrittenAsIfReportedByItself() {
    LedgerScene scene = scene();
    AssetId alone = asset("alone");
    AssetId together = asset("together");
    for (AssetId asset : List.of(alone, together)) {
      Lease first = scene.admitAndClaim(asset).lease();
      scene.ledger.work().retry(first, failure("busy"), Duration.ZERO);
      Lease lease = scene.claim(Subject.inspect(asset)).lease();
      Facts facts = Facts.of(Fact.WIDTH, 640);
      if (asset.equals(alone)) {
        scene.ledger.work().advance(lease, AssetEvent.FINGERPRINTED, facts);
        scene.ledger.work().advance(lease, AssetEvent.DESCRIBED, Facts.NONE);
        scene.publish(asset, "t");
      } else {
        scene.settle(new Step(lease, AssetEvent.FINGERPRINTED, facts));
        scene.settle(new Step(lease, AssetEvent.DESCRIBED, Facts.NONE));
        scene.settle(scene.rendered(scene.requestAndClaim(asset, "t"), "t"));
      }
    }
    assertThat(withoutNameAndTime(together)).isEqualTo(withoutNameAndTime(alone));
    assertThat(scene.lastEntry(together).worker()).isEqualTo("worker");
    assertThat(scene.row(together).state()).isEqualTo(scene.row(alone).state());
    assertThat(scene.row(together).facts()).isEqualTo(scene.row(alone).facts());
  }

  @Test
  default void aLeaseThatWasLostIsToldOfAndTouchesNoOther() {
    LedgerScene scene = scene();
    List<Claim> lost = lostClaims();
    Claim inspection = scene.admitAndClaim(asset("held"));
    scene.describe(asset("held too"));
    Claim making = scene.requestAndClaim(asset("held too"), "t");
    List<Settlement> batch = new ArrayList<>();
    for (Claim claim : lost) {
      batch.add(
          claim.variant() == null
              ? step(claim, AssetEvent.FINGERPRINTED)
              : scene.rendered(claim, "t"));
    }
    batch.add(2, step(inspection, AssetEvent.FINGERPRINTED));
    batch.add(scene.rendered(making, "t"));
    List<List<Object>> before =
        lost.stream().map(c -> scene.everythingAbout(c.asset().id())).toList();
    List<Settled> settled = scene.ledger.work().settle(batch);
    assertThat(lost.stream().map(c -> scene.everythingAbout(c.asset().id())).toList())
        .isEqualTo(before);
    assertThat(settled).hasSize(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      boolean held = i == 2 || i == batch.size() - 1;
      assertThat(settled.get(i).outcome())
          .as("%s", batch.get(i))
          .isEqualTo(held ? Outcome.DONE : Outcome.LEASE_LOST);
      assertThat(settled.get(i).transition() == null).isEqualTo(!held);
    }
    assertThat(scene.row(asset("held")).state()).isEqualTo(AssetState.DEDUP_CHECK);
    assertThat(scene.row(asset("held too"), "t").state()).isEqualTo(VariantState.READY);
  }

  @Test
  default void aStepThatAnotherTookIsALostLeaseAndNoError() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Claim zombie = scene.admitAndClaim(asset);
    scene.elapse(LedgerScene.LEASE);
    scene.ledger.work().reap(10, 100);
    Claim holder = scene.claim(Subject.inspect(asset));
    scene.settle(step(holder, AssetEvent.FINGERPRINTED));
    assertThat(scene.settle(step(zombie, AssetEvent.FINGERPRINTED)))
        .containsExactly(new Settled(Outcome.LEASE_LOST, null));
    assertThat(scene.settle(step(holder, AssetEvent.DESCRIBED)))
        .containsExactly(done(AssetState.DEDUP_CHECK, AssetEvent.DESCRIBED));
  }

  @Test
  default void aStaleKeyIsToldOfAndItsLeaseStaysHeld() {
    LedgerScene scene = scene();
    scene.describe(asset("a"));
    Claim late = scene.requestAndClaim(asset("a"), "late");
    Claim inTime = scene.requestAndClaim(asset("a"), "in time");
    Duration tooOld = Stamp.SWEEP_WINDOW.dividedBy(2).plusHours(1);
    List<Settled> settled =
        scene.settle(
            new Rendered(late.lease(), scene.content(asset("a"), "late", tooOld)),
            scene.rendered(inTime, "in time"));
    assertThat(settled)
        .containsExactly(
            new Settled(Outcome.STALE_KEY, null),
            done(AssetState.METADATA_READY, AssetEvent.FIRST_VARIANT_PUBLISHED));
    assertThat(scene.row(asset("a"), "late").state()).isEqualTo(VariantState.REQUESTED);
    assertThat(scene.settle(scene.rendered(late, "late")))
        .containsExactly(new Settled(Outcome.DONE, null));
  }

  @Test
  default void ofTwoVariantsSettledAtOnceOneIsTheFirst() {
    LedgerScene scene = scene();
    scene.describe(asset("a"));
    scene.describe(asset("b"));
    List<Settled> settled =
        scene.settle(
            scene.rendered(scene.requestAndClaim(asset("a"), "one"), "one"),
            scene.rendered(scene.requestAndClaim(asset("a"), "two"), "two"),
            scene.rendered(scene.requestAndClaim(asset("b"), "one"), "one"));
    assertThat(settled).extracting(Settled::outcome).containsOnly(Outcome.DONE);
    assertThat(transitions(settled.subList(0, 2))).hasSize(1);
    assertThat(settled.get(2).transition()).isNotNull();
    assertThat(scene.events(asset("a"))).containsOnlyOnce(AssetEvent.FIRST_VARIANT_PUBLISHED);
    assertThat(scene.ledger.reader().variants(asset("a")))
        .allSatisfy(row -> assertThat(row.state()).isEqualTo(VariantState.READY));
  }

  @Test
  default void theStepsOfAnInspectionAreSettledOneAfterTheOther() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(asset("a"));
    assertThat(scene.settle(step(claim, AssetEvent.FINGERPRINTED)))
        .containsExactly(done(AssetState.INGESTED, AssetEvent.FINGERPRINTED));
    scene.ledger.work().renew(claim.lease(), LedgerScene.LEASE);
    assertThat(scene.settle(step(claim, AssetEvent.DESCRIBED)))
        .containsExactly(done(AssetState.DEDUP_CHECK, AssetEvent.DESCRIBED));
    assertThat(scene.ledger.operator().work(asset("a"))).isEmpty();
    assertThat(scene.settle(step(claim, AssetEvent.DESCRIBED)))
        .containsExactly(new Settled(Outcome.LEASE_LOST, null));
  }

  @Test
  default void aStepAndAVariantOfOneAssetAreSettledAtOnce() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Claim inspection = scene.admitAndClaim(asset);
    scene.settle(step(inspection, AssetEvent.FINGERPRINTED));
    Claim making = scene.requestAndClaim(asset, "t");
    int before = scene.events(asset).size();
    List<Settled> settled =
        scene.settle(step(inspection, AssetEvent.DESCRIBED), scene.rendered(making, "t"));
    assertThat(settled).extracting(Settled::outcome).containsOnly(Outcome.DONE);
    List<AssetEvent> events = scene.events(asset);
    assertThat(transitions(settled))
        .extracting(Transition::event)
        .containsExactlyElementsOf(events.subList(before, events.size()))
        .contains(AssetEvent.DESCRIBED);
    assertThat(scene.row(asset).state()).isEqualTo(scene.lastEntry(asset).to());
    assertThat(scene.ledger.operator().work(asset)).isEmpty();
  }

  @Test
  default void whatCannotHappenNowKeepsTheWholeBatchFromBeingWritten() {
    Claim claim = scene().admitAndClaim(asset("impossible"));
    nothingIsWritten(IllegalStateException.class, step(claim, AssetEvent.DESCRIBED));
  }

  @Test
  default void aSubjectNamedTwiceKeepsTheWholeBatchFromBeingWritten() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(asset("twice"));
    nothingIsWritten(
        IllegalArgumentException.class,
        step(claim, AssetEvent.FINGERPRINTED),
        step(claim, AssetEvent.DESCRIBED));
  }

  @Test
  default void aLeaseOfTheWrongKindKeepsTheWholeBatchFromBeingWritten() {
    LedgerScene scene = scene();
    Claim inspection = scene.admitAndClaim(asset("wrong"));
    Claim making = scene.requestAndClaim(asset("wrong"), "t");
    nothingIsWritten(
        IllegalArgumentException.class,
        new Step(making.lease(), AssetEvent.FINGERPRINTED, Facts.NONE));
    VariantContent content = scene.content(asset("wrong"), "t");
    nothingIsWritten(IllegalArgumentException.class, new Rendered(inspection.lease(), content));
  }

  @Test
  default void aForeignKeyKeepsTheWholeBatchFromBeingWritten() {
    LedgerScene scene = scene();
    scene.admit(asset("a"));
    Claim making = scene.requestAndClaim(asset("a"), "t");
    for (VariantContent foreign :
        List.of(
            scene.content(asset("a"), "another"),
            scene.content(asset("b"), "t"),
            LedgerScene.content(scene.key(asset("a")), "t"))) {
      nothingIsWritten(IllegalArgumentException.class, new Rendered(making.lease(), foreign));
    }
  }

  @Test
  default void aBatchReportedAgainTakesNoSecondEffect() {
    LedgerScene scene = scene();
    Claim inspection = scene.admitAndClaim(asset("a"));
    scene.admit(asset("b"));
    Claim making = scene.requestAndClaim(asset("b"), "t");
    List<Settlement> batch =
        List.of(step(inspection, AssetEvent.FINGERPRINTED), scene.rendered(making, "t"));
    List<Settled> first = scene.ledger.work().settle(batch);
    List<Object> before = scene.everythingAbout(asset("a"));
    assertThat(scene.ledger.work().settle(batch))
        .containsExactly(first.get(0), new Settled(Outcome.LEASE_LOST, null));
    assertThat(scene.everythingAbout(asset("a"))).isEqualTo(before);
  }

  @Test
  default void settlingNothingIsAnsweredWithNothing() {
    assertThat(scene().settle()).isEmpty();
  }

  @Test
  default void muchIsSettledAtOnce() {
    LedgerScene scene = scene();
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(60);
    List<Settlement> batch = new ArrayList<>();
    for (AssetId asset : assets) {
      batch.add(step(scene.admitAndClaim(asset), AssetEvent.FINGERPRINTED));
      batch.add(scene.rendered(scene.requestAndClaim(asset, "t"), "t"));
    }
    assertThat(scene.ledger.work().settle(batch))
        .hasSize(batch.size())
        .extracting(Settled::outcome)
        .containsOnly(Outcome.DONE);
    for (AssetId asset : assets) {
      assertThat(scene.row(asset).state()).isEqualTo(AssetState.DEDUP_CHECK);
      assertThat(scene.row(asset, "t").state()).isEqualTo(VariantState.READY);
    }
  }

  @Test
  default void whatIsReportedTwiceAtOnceIsDoneOnce() {
    LedgerScene scene = scene();
    List<Settlement> batch = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      scene.admit(asset("asset " + i));
      batch.add(scene.rendered(scene.requestAndClaim(asset("asset " + i), "t"), "t"));
    }
    List<List<Settled>> answers = Together.run(4, i -> scene.ledger.work().settle(batch));
    for (int i = 0; i < batch.size(); i++) {
      int number = i;
      assertThat(answers.stream().map(a -> a.get(number).outcome()))
          .as("answers about %s", batch.get(i))
          .containsOnlyOnce(Outcome.DONE)
          .containsOnly(Outcome.DONE, Outcome.LEASE_LOST);
    }
  }

  @Test
  default void batchesAboutTheSameAssetsInOppositeOrderDoNotBlockEachOther() {
    LedgerScene scene = scene();
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(5);
    assets.forEach(scene::describe);
    int threads = 6;
    List<List<Settlement>> batches = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      String transformation = "t" + i;
      List<Settlement> batch = new ArrayList<>();
      assets.forEach(
          a -> batch.add(scene.rendered(scene.requestAndClaim(a, transformation), transformation)));
      if (i % 2 == 1) {
        Collections.reverse(batch);
      }
      batches.add(batch);
    }
    List<Settled> all =
        Together.run(threads, i -> scene.ledger.work().settle(batches.get(i))).stream()
            .flatMap(List::stream)
            .toList();
    assertThat(all).extracting(Settled::outcome).containsOnly(Outcome.DONE);
    assertThat(transitions(all)).hasSize(assets.size());
  }

  /** Claims whose leases were lost in every way there is. */
  private List<Claim> lostClaims() {
    LedgerScene scene = scene();
    List<Claim> lost = new ArrayList<>();
    lost.addAll(claims("stolen"));
    scene.elapse(LedgerScene.LEASE);
    scene.ledger.work().reap(100, 100);
    lost.forEach(c -> scene.claim(c.lease().subject()));
    List<Claim> givenBack = claims("given back");
    givenBack.forEach(c -> scene.ledger.work().release(c.lease()));
    List<Claim> retried = claims("retried");
    retried.forEach(c -> scene.ledger.work().retry(c.lease(), failure("busy"), Duration.ZERO));
    List<Claim> dead = claims("dead");
    dead.forEach(c -> scene.ledger.work().bury(c.lease(), failure("hopeless")));
    List<Claim> collected = claims("collected");
    scene.release(asset("collected"));
    scene.ledger.collector().collect(Duration.ZERO, 10);
    List<Claim> expired = claims("expired");
    scene.elapse(LedgerScene.LEASE);
    List.of(givenBack, retried, dead, collected, expired).forEach(lost::addAll);
    return lost;
  }

  private List<Claim> claims(String content) {
    Claim inspection = scene().admitAndClaim(asset(content));
    return List.of(inspection, scene().requestAndClaim(asset(content), "t"));
  }

  /** Checks that sound settlements before and after a bad one are not written either. */
  private void nothingIsWritten(Class<? extends Exception> refused, Settlement... bad) {
    LedgerScene scene = scene();
    List<AssetId> assets =
        IntStream.range(0, 2).mapToObj(i -> asset("sound " + i + bad[0])).toList();
    List<Settlement> sound = new ArrayList<>();
    for (AssetId asset : assets) {
      scene.admit(asset);
      sound.add(scene.rendered(scene.requestAndClaim(asset, "t"), "t"));
    }
    List<Settlement> batch = new ArrayList<>(List.of(bad));
    batch.add(0, sound.get(0));
    batch.add(sound.get(1));
    List<AssetId> all = new ArrayList<>(assets);
    all.add(bad[0].held().subject().asset());
    List<List<Object>> before = all.stream().map(scene::everythingAbout).toList();
    assertThatThrownBy(() -> scene.ledger.work().settle(batch)).isInstanceOf(refused);
    assertThat(all.stream().map(scene::everythingAbout).toList()).isEqualTo(before);
    assertThat(scene.ledger.work().settle(sound))
        .extracting(Settled::outcome)
        .containsOnly(Outcome.DONE);
  }

  private List<List<Object>> withoutNameAndTime(AssetId asset) {
    List<List<Object>> lines = new ArrayList<>();
    for (HistoryEntry e : scene().ledger.reader().history(asset)) {
      lines.add(
          List.of(
              String.valueOf(e.from()),
              e.to(),
              e.event(),
              String.valueOf(e.detail()),
              String.valueOf(e.worker()),
              e.attempt()));
    }
    return lines;
  }

  private static List<Transition> transitions(List<Settled> settled) {
    return settled.stream().map(Settled::transition).filter(Objects::nonNull).toList();
  }

  private static Settled done(AssetState from, AssetEvent event) {
    return new Settled(Outcome.DONE, StateMachine.require(from, event));
  }
}

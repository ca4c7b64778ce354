package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.digest;
import static dev.hfsm.tck.LedgerScene.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Scope;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How an asset gets from state to state, and what is written about it. */
interface InspectionCases extends LedgerCases {

  AssetId INSPECTED = asset("inspected");

  @Test
  default void aFingerprintedAssetIsStillOwedItsInspectionUnderTheSameLease() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(INSPECTED);
    WorkRow work = scene.work(Subject.inspect(INSPECTED));
    assertThat(scene.ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE))
        .isEqualTo(StateMachine.require(AssetState.INGESTED, AssetEvent.FINGERPRINTED));
    assertThat(scene.row(INSPECTED).state()).isEqualTo(AssetState.DEDUP_CHECK);
    assertThat(scene.work(Subject.inspect(INSPECTED))).isEqualTo(work);
    scene.ledger.work().renew(claim.lease(), LedgerScene.LEASE);
  }

  @Test
  default void aDescribedAssetIsOwedNothing() {
    LedgerScene scene = scene();
    Lease lease = scene.admitAndClaim(INSPECTED).lease();
    scene.ledger.work().advance(lease, AssetEvent.FINGERPRINTED, Facts.NONE);
    assertThat(scene.ledger.work().advance(lease, AssetEvent.DESCRIBED, Facts.NONE))
        .isEqualTo(StateMachine.require(AssetState.DEDUP_CHECK, AssetEvent.DESCRIBED));
    assertThat(scene.row(INSPECTED).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(scene.ledger.operator().work(INSPECTED)).isEmpty();
  }

  @Test
  default void anAssetCanBeRefusedInEitherStepAndKeepsTheReason() {
    LedgerScene scene = scene();
    Facts reason = Facts.of(Fact.REJECTION, "60 MP, more than 50");
    for (AssetId asset : List.of(asset("refused at once"), asset("refused later"))) {
      Lease lease = scene.admitAndClaim(asset).lease();
      if (asset.equals(asset("refused later"))) {
        scene.ledger.work().advance(lease, AssetEvent.FINGERPRINTED, Facts.NONE);
      }
      AssetState from = scene.row(asset).state();
      assertThat(scene.ledger.work().advance(lease, AssetEvent.REFUSED, reason))
          .isEqualTo(StateMachine.require(from, AssetEvent.REFUSED));
      assertThat(scene.row(asset).state()).isEqualTo(AssetState.REJECTED);
      assertThat(scene.row(asset).facts()).isEqualTo(reason);
      assertThat(scene.ledger.operator().work(asset)).isEmpty();
    }
  }

  @Test
  default void whatIsLearnedJoinsWhatWasKnownAndWins() {
    LedgerScene scene = scene();
    Facts said =
        Facts.parse("factOfTheFuture=keep = me\nwidth=1").with(Fact.FILE_NAME, "größe=1.jpg");
    scene
        .ledger
        .intake()
        .admit(new Admission(INSPECTED, 1, scene.key(INSPECTED), LedgerScene.name("n"), said));
    Lease lease = scene.claim(Subject.inspect(INSPECTED)).lease();
    Facts first = Facts.of(Fact.WIDTH, 640).with(Fact.HEIGHT, 1);
    scene.ledger.work().advance(lease, AssetEvent.FINGERPRINTED, first);
    assertThat(scene.row(INSPECTED).facts()).isEqualTo(said.and(first));
    Facts second = Facts.of(Fact.HEIGHT, 480).with(Fact.MODEL, "x=y=漢字😀" + "ü".repeat(900));
    scene.ledger.work().advance(lease, AssetEvent.DESCRIBED, second);
    assertThat(scene.row(INSPECTED).facts()).isEqualTo(said.and(first).and(second));
    assertThat(scene.row(INSPECTED).facts().get(Fact.HEIGHT)).contains(480);
  }

  @Test
  default void aStepThatCannotHappenNowWritesNothing() {
    LedgerScene scene = scene();
    Lease lease = scene.admitAndClaim(INSPECTED).lease();
    List<Object> before = scene.everythingAbout(INSPECTED);
    WorkLedger work = scene.ledger.work();
    assertThatThrownBy(() -> work.advance(lease, AssetEvent.DESCRIBED, Facts.of(Fact.WIDTH, 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(scene.everythingAbout(INSPECTED)).isEqualTo(before);
    work.advance(lease, AssetEvent.FINGERPRINTED, Facts.NONE);
  }

  @Test
  default void aStepReportedAgainIsAnsweredAsTheFirstTimeAndWritesNothing() {
    LedgerScene scene = scene();
    Lease lease = scene.admitAndClaim(INSPECTED).lease();
    Facts learned = Facts.of(Fact.WIDTH, 640);
    Transition first = scene.ledger.work().advance(lease, AssetEvent.FINGERPRINTED, learned);
    List<Object> before = scene.everythingAbout(INSPECTED);
    assertThat(scene.ledger.work().advance(lease, AssetEvent.FINGERPRINTED, learned))
        .isEqualTo(first);
    assertThat(scene.settle(new Settlement.Step(lease, AssetEvent.FINGERPRINTED, learned)))
        .containsExactly(new Settled(Settled.Outcome.DONE, first));
    assertThat(scene.everythingAbout(INSPECTED)).isEqualTo(before);
    scene.ledger.work().advance(lease, AssetEvent.DESCRIBED, Facts.NONE);
  }

  @Test
  default void aStepReportedAgainThatLearnedSomethingElseIsRefused() {
    LedgerScene scene = scene();
    Lease lease = scene.admitAndClaim(INSPECTED).lease();
    WorkLedger work = scene.ledger.work();
    work.advance(lease, AssetEvent.FINGERPRINTED, Facts.of(Fact.WIDTH, 640));
    List<Object> before = scene.everythingAbout(INSPECTED);
    assertThatThrownBy(() -> work.advance(lease, AssetEvent.FINGERPRINTED, Facts.of(Fact.WIDTH, 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(scene.everythingAbout(INSPECTED)).isEqualTo(before);
  }

  @Test
  default void onlyTheStepsOfAnInspectionAdvanceAnAsset() {
    LedgerScene scene = scene();
    Lease lease = scene.admitAndClaim(INSPECTED).lease();
    List<Object> before = scene.everythingAbout(INSPECTED);
    EnumSet<AssetEvent> others =
        EnumSet.complementOf(
            EnumSet.of(AssetEvent.FINGERPRINTED, AssetEvent.DESCRIBED, AssetEvent.REFUSED));
    for (AssetEvent event : others) {
      assertThatThrownBy(() -> scene.ledger.work().advance(lease, event, Facts.NONE))
          .as("%s", event)
          .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
    }
    assertThat(scene.everythingAbout(INSPECTED)).isEqualTo(before);
  }

  @Test
  default void aLeaseOnAVariantDoesNotAdvanceItsAsset() {
    LedgerScene scene = scene();
    scene.admit(INSPECTED);
    Lease lease = scene.requestAndClaim(INSPECTED, "t").lease();
    List<Object> before = scene.everythingAbout(INSPECTED);
    assertThatThrownBy(() -> scene.ledger.work().advance(lease, AssetEvent.REFUSED, Facts.NONE))
        .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
    assertThat(scene.everythingAbout(INSPECTED)).isEqualTo(before);
  }

  @Test
  default void historyTellsEveryStepInOrderWithWorkerAndAttempt() {
    LedgerScene scene = scene();
    WorkLedger work = scene.ledger.work();
    work.retry(scene.admitAndClaim(INSPECTED).lease(), failure("busy"), Duration.ZERO);
    Lease lease = scene.claim(Subject.inspect(INSPECTED)).lease();
    Instant before = scene.now();
    work.advance(lease, AssetEvent.FINGERPRINTED, Facts.NONE);
    HistoryEntry entry = scene.lastEntry(INSPECTED);
    assertThat(entry)
        .isEqualTo(
            new HistoryEntry(
                INSPECTED,
                AssetState.INGESTED,
                AssetState.DEDUP_CHECK,
                AssetEvent.FINGERPRINTED,
                entry.detail(),
                "worker",
                2,
                entry.at()));
    scene.isNow(entry.at(), before);
    work.advance(lease, AssetEvent.DESCRIBED, Facts.NONE);
    assertThat(scene.events(INSPECTED))
        .containsExactly(AssetEvent.ADMITTED, AssetEvent.FINGERPRINTED, AssetEvent.DESCRIBED);
  }

  @Test
  default void historyIsOnlyEverAppendedTo() {
    LedgerScene scene = scene();
    scene.describe(INSPECTED);
    List<HistoryEntry> early = scene.ledger.reader().history(INSPECTED);
    scene.publish(INSPECTED, "t");
    scene.release(INSPECTED);
    scene.ledger.collector().collect(Duration.ZERO, 10);
    scene.admit(INSPECTED);
    assertThat(scene.ledger.reader().history(INSPECTED))
        .startsWith(early.toArray(HistoryEntry[]::new));
    assertThat(scene.events(INSPECTED))
        .containsExactly(
            AssetEvent.ADMITTED,
            AssetEvent.FINGERPRINTED,
            AssetEvent.DESCRIBED,
            AssetEvent.FIRST_VARIANT_PUBLISHED,
            AssetEvent.ADMITTED);
  }

  @Test
  default void theTimeOfChangeMovesWithTheStateAndWithNothingElse() {
    LedgerScene scene = scene();
    Lease lease = scene.admitAndClaim(INSPECTED).lease();
    scene.elapse(Duration.ofSeconds(30));
    Instant before = scene.now();
    scene.ledger.work().advance(lease, AssetEvent.FINGERPRINTED, Facts.NONE);
    scene.isNow(scene.row(INSPECTED).changedAt(), before);
    assertThat(scene.row(INSPECTED).admittedAt()).isBeforeOrEqualTo(before.minusSeconds(30));
    scene.elapse(Duration.ofHours(1));
    scene.ledger.intake().admit(scene.admission(INSPECTED, "again"));
    scene.retain(INSPECTED, "once more");
    assertThat(scene.row(INSPECTED).changedAt())
        .isBeforeOrEqualTo(scene.now().minus(Duration.ofHours(1)));
  }

  @Test
  default void aBuriedInspectionFailsTheAssetAndTellsWhy() {
    LedgerScene scene = scene();
    Facts said = Facts.of(Fact.FILE_NAME, "a.jpg");
    scene.describe(asset("another"));
    scene
        .ledger
        .intake()
        .admit(new Admission(INSPECTED, 1, scene.key(INSPECTED), LedgerScene.name("n"), said));
    Claim claim = scene.claim(Subject.inspect(INSPECTED));
    scene.ledger.work().bury(claim.lease(), failure("out-of-memory"));
    assertThat(scene.row(INSPECTED).state()).isEqualTo(AssetState.FAILED);
    assertThat(scene.row(INSPECTED).facts()).isEqualTo(said);
    WorkRow work = scene.work(Subject.inspect(INSPECTED));
    assertThat(work.dead()).isTrue();
    assertThat(work.attempts()).isEqualTo(1);
    assertThat(work.worker()).isNull();
    assertThat(work.failure()).isEqualTo(failure("out-of-memory"));
    HistoryEntry entry = scene.lastEntry(INSPECTED);
    assertThat(entry.event()).isEqualTo(AssetEvent.EXHAUSTED);
    assertThat(entry.detail()).isEqualTo("out-of-memory");
    assertThat(entry.worker()).isEqualTo("worker");
    assertThat(entry.attempt()).isEqualTo(1);
    assertThat(scene.row(asset("another")).state()).isEqualTo(AssetState.METADATA_READY);
  }

  @Test
  default void samePixelsAreFoundWithinAScopeTheFirstAdmittedFirst() {
    LedgerScene scene = scene();
    Digest pixels = digest("pixels");
    Facts same = Facts.of(Fact.PIXEL_DIGEST, pixels);
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(4);
    for (AssetId asset : assets) {
      scene.describe(asset, same);
      scene.elapse(Duration.ofSeconds(1));
    }
    AssetId elsewhere = asset("tenant", "a");
    scene.describe(elsewhere, same);
    scene.describe(asset("other pixels"), Facts.of(Fact.PIXEL_DIGEST, digest("other")));
    scene.describe(asset("no pixels"));
    LedgerReader reader = scene.ledger.reader();
    assertThat(reader.samePixels(Scope.DEFAULT, pixels, 10)).containsExactlyElementsOf(assets);
    assertThat(reader.samePixels(Scope.DEFAULT, pixels, 2))
        .containsExactlyElementsOf(assets.subList(0, 2));
    assertThat(reader.samePixels(elsewhere.scope(), pixels, 10)).containsExactly(elsewhere);
    assertThat(reader.samePixels(Scope.DEFAULT, digest("unseen"), 10)).isEmpty();
  }
}

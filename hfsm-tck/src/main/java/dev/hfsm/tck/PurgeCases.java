package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.LEASE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.name;
import static dev.hfsm.tck.LedgerScene.ownName;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Purged;
import dev.hfsm.ledger.Purged.Outcome;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Facts;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How an asset goes that must go now. */
interface PurgeCases extends LedgerCases {

  AssetId PURGED = asset("purged");

  @Test
  default void aPurgeTellsAllThatItRemoved() {
    LedgerScene scene = scene();
    AssetRow row = scene.describe(PURGED);
    scene.retain(PURGED, "b hero");
    scene.retain(PURGED, "a hero");
    List<StorageKey> made =
        Stream.of("t1", "t2", "t3", "t4").map(t -> scene.publish(PURGED, t).key()).toList();
    scene.request(PURGED, "wanted");
    scene.request(PURGED, "hopeless");
    scene.bury(derive(PURGED, "hopeless"));
    Instant before = scene.now();
    Purged purged = purge(PURGED);
    assertThat(purged.outcome()).isEqualTo(Outcome.PURGED);
    assertThat(purged.references())
        .containsExactly(name("a hero"), name("b hero"), name(ownName(PURGED)));
    assertThat(purged.variants()).isEqualTo(6);
    assertThat(purged.work()).isEqualTo(2);
    List<StorageKey> keys = new ArrayList<>(List.of(row.key()));
    made.stream().sorted().forEach(keys::add);
    assertThat(purged.keys()).containsExactlyElementsOf(keys);
    scene.isNow(purged.at(), before);
  }

  @Test
  default void nothingOfAPurgedAssetIsLeftButItsHistory() {
    LedgerScene scene = scene();
    scene.describe(PURGED);
    scene.publish(PURGED, "ready");
    scene.request(PURGED, "wanted");
    scene.request(PURGED, "hopeless");
    scene.bury(derive(PURGED, "hopeless"));
    List<HistoryEntry> history = scene.ledger.reader().history(PURGED);
    purge(PURGED);
    assertThat(scene.ledger.reader().asset(PURGED)).isEmpty();
    assertThat(scene.ledger.reader().variants(PURGED)).isEmpty();
    assertThat(scene.ledger.reader().references(PURGED)).isEmpty();
    assertThat(scene.ledger.operator().work(PURGED)).isEmpty();
    assertThat(scene.ledger.operator().dead(Cursor.START, 10).items()).isEmpty();
    assertThat(scene.claimUpTo(10)).isEmpty();
    assertThat(scene.ledger.reader().history(PURGED)).isEqualTo(history);
    assertThat(scene.ledger.intake().release(Scope.DEFAULT, name(ownName(PURGED)))).isEmpty();
  }

  @Test
  default void theKeysOfAPurgedAssetAreGarbage() {
    LedgerScene scene = scene();
    AssetRow row = scene.describe(PURGED);
    StorageKey variant = scene.publish(PURGED, "t").key();
    purge(PURGED);
    CollectorLedger collector = scene.ledger.collector();
    assertThat(scene.garbage(10)).containsExactlyInAnyOrder(row.key(), variant);
    assertThat(collector.named(List.of(row.key(), variant))).hasSize(2);
    collector.forget(List.of(row.key(), variant));
    assertThat(collector.named(List.of(row.key(), variant))).isEmpty();
  }

  @Test
  default void anAssetThatNothingClaimsIsPurgedWithoutGrace() {
    LedgerScene scene = scene();
    StorageKey key = scene.admit(PURGED).key();
    scene.release(PURGED);
    Purged purged = purge(PURGED);
    assertThat(purged)
        .isEqualTo(new Purged(Outcome.PURGED, List.of(), 0, 1, List.of(key), purged.at()));
    assertThat(scene.ledger.reader().asset(PURGED)).isEmpty();
  }

  @Test
  default void aHeldAssetIsNotPurged() {
    LedgerScene scene = scene();
    scene.describe(PURGED);
    scene.publish(PURGED, "t");
    scene.release(PURGED);
    scene.ledger.custody().hold(PURGED, new HoldReason("case 4711"));
    List<Object> before = scene.everythingAbout(PURGED);
    Purged purged = purge(PURGED);
    assertThat(purged).isEqualTo(Purged.nothing(Outcome.HELD, purged.at()));
    assertThat(scene.everythingAbout(PURGED)).isEqualTo(before);
    scene.ledger.custody().unhold(PURGED);
    assertThat(purge(PURGED).outcome()).isEqualTo(Outcome.PURGED);
  }

  @Test
  default void whatIsNotThereIsAbsentAndSoIsWhatWasPurged() {
    LedgerScene scene = scene();
    Instant before = scene.now();
    Purged absent = purge(PURGED);
    assertThat(absent).isEqualTo(Purged.nothing(Outcome.ABSENT, absent.at()));
    scene.isNow(absent.at(), before);
    scene.admit(PURGED);
    assertThat(purge(PURGED).outcome()).isEqualTo(Outcome.PURGED);
    assertThat(purge(PURGED).outcome()).isEqualTo(Outcome.ABSENT);
  }

  @Test
  default void whoWorksOnAPurgedAssetHasLostTheLease() {
    LedgerScene scene = scene();
    Claim inspection = scene.admitAndClaim(PURGED);
    Claim making = scene.requestAndClaim(PURGED, "t");
    VariantContent content = scene.content(PURGED, "t");
    purge(PURGED);
    WorkLedger work = scene.ledger.work();
    assertThatThrownBy(() -> work.publish(making.lease(), content))
        .isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> work.renew(making.lease(), LEASE))
        .isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> work.advance(inspection.lease(), AssetEvent.FINGERPRINTED, Facts.NONE))
        .isInstanceOf(LeaseLostException.class);
    assertThat(
            scene.settle(
                scene.rendered(making, "t"),
                LedgerScene.step(inspection, AssetEvent.FINGERPRINTED)))
        .extracting(Settled::outcome)
        .containsOnly(Settled.Outcome.LEASE_LOST);
    assertThat(scene.ledger.collector().named(List.of(content.key()))).isEmpty();
    assertThat(scene.ledger.reader().variants(PURGED)).isEmpty();
  }

  @Test
  default void aPurgeTouchesNoOtherAsset() {
    LedgerScene scene = scene();
    AssetId neighbour = asset("neighbour");
    AssetId elsewhere = asset("tenant", "purged");
    List<AssetId> others = List.of(neighbour, elsewhere);
    scene.describe(PURGED);
    scene.publish(PURGED, "t");
    for (AssetId other : others) {
      scene.describe(other);
      scene.publish(other, "t");
      scene.request(other, "wanted");
      scene.retain(other, ownName(PURGED) + " too");
    }
    List<List<Object>> before = others.stream().map(this::allButGarbage).toList();
    purge(PURGED);
    assertThat(others.stream().map(this::allButGarbage).toList()).isEqualTo(before);
  }

  @Test
  default void aPurgedAssetComesBackAsANewOne() {
    LedgerScene scene = scene();
    StorageKey old = scene.describe(PURGED).key();
    scene.publish(PURGED, "t");
    scene.ledger.intake().admit(scene.admission(PURGED, "again"));
    purge(PURGED);
    Admitted admitted = scene.ledger.intake().admit(scene.admission(PURGED, "back"));
    assertThat(admitted.outcome()).isEqualTo(Admitted.Outcome.CREATED);
    assertThat(scene.row(PURGED).uploads()).isEqualTo(1);
    assertThat(scene.names(PURGED)).containsExactly("back");
    assertThat(scene.ledger.reader().variants(PURGED)).isEmpty();
    assertThat(scene.garbage(10)).contains(old);
    assertThat(scene.lastEntry(PURGED).event()).isEqualTo(AssetEvent.ADMITTED);
  }

  @Test
  default void ofManyPurgesAtOnceOneDidIt() {
    LedgerScene scene = scene();
    scene.describe(PURGED);
    scene.publish(PURGED, "t");
    List<Purged> answers = Together.run(6, i -> purge(PURGED));
    assertThat(answers)
        .extracting(Purged::outcome)
        .containsOnlyOnce(Outcome.PURGED)
        .containsOnly(Outcome.PURGED, Outcome.ABSENT);
    assertThat(answers.stream().mapToInt(p -> p.keys().size()).sum()).isEqualTo(2);
  }

  @Test
  default void aPurgedAssetIsGoneWhoeverClaimsItMeanwhile() {
    LedgerScene scene = scene();
    for (int round = 0; round < 20; round++) {
      AssetId asset = asset("round " + round);
      scene.admit(asset);
      Together.run(
          List.<Callable<Boolean>>of(
              () -> scene.retain(asset, "hero").isPresent(),
              () -> purge(asset).outcome() == Outcome.PURGED));
      assertThat(scene.ledger.reader().asset(asset)).as("round %s", round).isEmpty();
      assertThat(scene.names(asset)).as("round %s", round).isEmpty();
    }
  }

  @Test
  default void bytesAdmittedDuringAPurgeAreThereAsAWholeOrNotAtAll() {
    LedgerScene scene = scene();
    for (int round = 0; round < 20; round++) {
      AssetId asset = asset("round " + round);
      scene.admit(asset);
      List<Enum<?>> answers =
          Together.run(
              List.<Callable<Enum<?>>>of(
                  () -> scene.ledger.intake().admit(scene.admission(asset, "again")).outcome(),
                  () -> purge(asset).outcome()));
      boolean created = answers.get(0) == Admitted.Outcome.CREATED;
      assertThat(answers.get(1)).isEqualTo(Outcome.PURGED);
      assertThat(scene.ledger.reader().asset(asset).isPresent())
          .as("round %s: %s", round, answers)
          .isEqualTo(created);
      assertThat(scene.names(asset)).isEqualTo(created ? List.of("again") : List.of());
      assertThat(scene.ledger.operator().work(asset)).hasSize(created ? 1 : 0);
    }
  }

  @Test
  default void aVariantPublishedDuringAPurgeGoesWithItOrIsRefused() {
    LedgerScene scene = scene();
    for (int round = 0; round < 20; round++) {
      AssetId asset = asset("round " + round);
      scene.describe(asset);
      Claim claim = scene.requestAndClaim(asset, "t");
      VariantContent content = scene.content(asset, "t");
      List<Object> answers =
          Together.run(
              List.<Callable<Object>>of(
                  () ->
                      scene
                          .settle(new Settlement.Rendered(claim.lease(), content))
                          .get(0)
                          .outcome(),
                  () -> purge(asset).keys()));
      boolean done = answers.get(0) == Settled.Outcome.DONE;
      assertThat(((List<?>) answers.get(1)).contains(content.key()))
          .as("round %s: %s", round, answers)
          .isEqualTo(done);
      assertThat(scene.ledger.collector().named(List.of(content.key()))).hasSize(done ? 1 : 0);
      assertThat(scene.ledger.reader().variants(asset)).isEmpty();
    }
  }

  private List<Object> allButGarbage(AssetId asset) {
    List<Object> everything = scene().everythingAbout(asset);
    return everything.subList(0, everything.size() - 1);
  }

  private Purged purge(AssetId asset) {
    return scene().ledger.custody().purge(asset);
  }
}

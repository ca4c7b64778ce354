package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.ownName;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** How assets that nobody claims go away, and how no claimed one ever does. */
interface CollectionCases extends LedgerCases {

  Duration GRACE = Duration.ofHours(1);

  @Test
  default void aClaimedAssetIsNeverCollected() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.retain(asset, "second");
    scene.elapse(GRACE.multipliedBy(10));
    assertThat(collector().collect(Duration.ZERO, 10)).isEmpty();
    scene.release(asset);
    scene.elapse(GRACE);
    assertThat(collector().collect(Duration.ZERO, 10)).as("one claim is left").isEmpty();
    assertThat(scene.names(asset)).containsExactly("second");
  }

  @Test
  default void anUnclaimedAssetIsCollectedAfterItsGraceAndNotBefore() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.elapse(GRACE.multipliedBy(2));
    scene.release(asset);
    assertThat(collector().collect(GRACE, 10)).as("grace runs from the release").isEmpty();
    scene.elapse(GRACE.minusMinutes(1));
    assertThat(collector().collect(GRACE, 10)).isEmpty();
    scene.elapse(Duration.ofMinutes(1));
    assertThat(collector().collect(GRACE, 10)).containsExactly(asset);
    assertThat(collector().collect(GRACE, 10)).isEmpty();
  }

  @Test
  default void aClaimEndsTheGrace() {
    LedgerScene scene = scene();
    AssetId retained = asset("retained");
    AssetId uploaded = asset("uploaded");
    for (AssetId asset : List.of(retained, uploaded)) {
      scene.admit(asset);
      scene.release(asset);
    }
    scene.elapse(GRACE);
    scene.retain(retained, ownName(retained));
    scene.ledger.intake().admit(scene.admission(uploaded, ownName(uploaded)));
    assertThat(collector().collect(Duration.ZERO, 10)).isEmpty();
    scene.release(retained);
    scene.release(uploaded);
    assertThat(collector().collect(GRACE, 10)).as("grace starts anew").isEmpty();
  }

  @Test
  default void anAssetWhoseNameMovedAwayIsCollectedAfterItsGrace() {
    LedgerScene scene = scene();
    AssetId first = asset("first");
    AssetId second = asset("second");
    scene.ledger.intake().admit(scene.admission(first, "hero"));
    scene.elapse(GRACE);
    scene.ledger.intake().admit(scene.admission(second, "hero"));
    assertThat(collector().collect(GRACE, 10)).isEmpty();
    scene.elapse(GRACE);
    assertThat(collector().collect(GRACE, 10)).containsExactly(first);
    scene.admit(first);
    scene.retain(first, "hero");
    assertThat(collector().collect(Duration.ZERO, 10)).containsExactly(second);
  }

  @Test
  default void nothingOfACollectedAssetIsLeftButItsHistory() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.publish(asset, "ready");
    scene.request(asset, "wanted");
    scene.request(asset, "hopeless");
    scene.bury(derive(asset, "hopeless"));
    List<HistoryEntry> history = scene.ledger.reader().history(asset);
    scene.release(asset);
    collector().collect(Duration.ZERO, 10);
    assertThat(scene.ledger.reader().asset(asset)).isEmpty();
    assertThat(scene.ledger.intake().find(asset).asset()).isNull();
    assertThat(scene.ledger.reader().variants(asset)).isEmpty();
    assertThat(scene.ledger.reader().references(asset)).isEmpty();
    assertThat(scene.ledger.operator().work(asset)).isEmpty();
    assertThat(scene.ledger.operator().dead(Cursor.START, 10).items()).isEmpty();
    assertThat(scene.claimUpTo(10)).isEmpty();
    assertThat(scene.ledger.reader().history(asset)).isEqualTo(history);
  }

  @Test
  default void theKeysOfACollectedAssetAndOfItsVariantsAreGarbage() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetRow row = scene.describe(asset);
    VariantContent one = scene.publish(asset, "one");
    VariantContent two = scene.publish(asset, "two");
    scene.request(asset, "wanted");
    assertThat(scene().garbage(10)).isEmpty();
    scene.release(asset);
    collector().collect(Duration.ZERO, 10);
    assertThat(scene().garbage(10)).containsExactlyInAnyOrder(row.key(), one.key(), two.key());
  }

  @Test
  default void noMoreIsCollectedThanAskedFor() {
    LedgerScene scene = scene();
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(5);
    assets.forEach(scene::admit);
    assets.forEach(scene::release);
    List<AssetId> collected = new ArrayList<>();
    for (int expected : new int[] {2, 2, 1, 0}) {
      List<AssetId> some = collector().collect(Duration.ZERO, 2);
      assertThat(some).hasSize(expected);
      collected.addAll(some);
    }
    assertThat(collected).containsExactlyInAnyOrderElementsOf(assets);
  }

  @Test
  default void assetsOfEveryScopeAreCollectedAndOnlyTheirOwn() {
    LedgerScene scene = scene();
    AssetId here = asset("here", "a");
    AssetId there = asset("there", "a");
    scene.admit(here);
    scene.admit(there);
    scene.publish(here, "t");
    scene.publish(there, "t");
    scene.release(here);
    assertThat(collector().collect(Duration.ZERO, 10)).containsExactly(here);
    assertThat(scene.ledger.reader().variants(there)).hasSize(1);
    assertThat(scene.names(there)).containsExactly(ownName(there));
    assertThat(scene.ledger.operator().work(there)).hasSize(1);
  }

  @Test
  default void aCollectedAssetCannotBeClaimedOrDerivedFrom() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.release(asset);
    collector().collect(Duration.ZERO, 10);
    assertThat(scene.retain(asset, "late")).isEmpty();
    assertThat(scene.names(asset)).isEmpty();
    assertThatThrownBy(() -> scene.request(asset, "t")).isInstanceOf(AssetGoneException.class);
    assertThat(scene.ledger.operator().redrive(Subject.inspect(asset))).isFalse();
  }

  @Test
  default void aCollectedAssetComesBackUnderAFreshKeyWhileItsOldOneStaysGarbage() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    StorageKey old = scene.admit(asset).key();
    scene.ledger.intake().admit(scene.admission(asset, ownName(asset)));
    scene.release(asset);
    collector().collect(Duration.ZERO, 10);
    AssetRow row = scene.admit(asset);
    assertThat(row.key()).isNotEqualTo(old);
    assertThat(row.uploads()).isEqualTo(1);
    assertThat(scene().garbage(10)).containsExactly(old);
    assertThat(scene.claim(Subject.inspect(asset)).attempt()).isEqualTo(1);
  }

  @Test
  default void aRetainedAssetIsNeverCollectedHoweverCloseTheyRace() {
    LedgerScene scene = scene();
    for (int round = 0; round < 60; round++) {
      AssetId asset = asset("round " + round);
      scene.admit(asset);
      scene.release(asset);
      List<Boolean> answers =
          Together.run(
              List.<Callable<Boolean>>of(
                  () -> scene.retain(asset, "hero").isPresent(),
                  () -> collector().collect(Duration.ZERO, 1000).contains(asset),
                  () -> collector().collect(Duration.ZERO, 1000).contains(asset)));
      boolean retained = answers.get(0);
      boolean collected = answers.get(1) || answers.get(2);
      assertThat(collected)
          .as("round %s: collected although retained", round)
          .isNotEqualTo(retained);
      assertThat(answers.get(1) && answers.get(2)).as("collected twice").isFalse();
      assertThat(scene.ledger.reader().asset(asset).isPresent()).isEqualTo(retained);
      assertThat(scene.names(asset)).hasSize(retained ? 1 : 0);
    }
  }

  private CollectorLedger collector() {
    return scene().ledger.collector();
  }
}

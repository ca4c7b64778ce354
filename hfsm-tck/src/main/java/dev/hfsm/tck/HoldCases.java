package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.ownName;
import static dev.hfsm.tck.LedgerScene.scan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Facts;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** How an asset is kept that must not go, whatever is released. */
interface HoldCases extends LedgerCases {

  Duration HOLD_GRACE = Duration.ofHours(1);
  HoldReason CASE = new HoldReason("case 4711, größer 大きい");

  @Test
  default void aHoldIsShownWithItsReasonUntilItIsLifted() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetRow row = scene.admit(asset);
    assertThat(row.hold()).isNull();
    assertThat(custody().hold(asset, CASE)).isTrue();
    assertThat(scene.row(asset).hold()).isEqualTo(CASE);
    AssetRow found = scene.ledger.intake().find(asset).asset();
    assertThat(found).isEqualTo(scene.row(asset));
    assertThat(custody().hold(asset, new HoldReason("case 4712"))).isTrue();
    assertThat(scene.row(asset).hold()).isEqualTo(new HoldReason("case 4712"));
    assertThat(custody().unhold(asset)).isTrue();
    assertThat(scene.row(asset)).isEqualTo(row);
    assertThat(custody().unhold(asset)).as("lifted already").isFalse();
  }

  @Test
  default void whatIsNotThereCannotBeHeld() {
    LedgerScene scene = scene();
    AssetId asset = asset("tenant", "a");
    scene.admit(asset);
    assertThat(custody().hold(asset("a"), CASE)).isFalse();
    assertThat(custody().unhold(asset("a"))).isFalse();
    assertThat(scene.row(asset).hold()).isNull();
    assertThat(scene.ledger.reader().asset(asset("a"))).isEmpty();
  }

  @Test
  default void aHeldAssetIsNotCollectedThoughNothingClaimsIt() {
    LedgerScene scene = scene();
    AssetId heldFirst = asset("held first");
    AssetId releasedFirst = asset("released first");
    scene.admit(heldFirst);
    scene.admit(releasedFirst);
    custody().hold(heldFirst, CASE);
    scene.release(heldFirst);
    scene.release(releasedFirst);
    custody().hold(releasedFirst, CASE);
    scene.elapse(HOLD_GRACE.multipliedBy(1000));
    assertThat(collector().collect(HOLD_GRACE, 10)).isEmpty();
    assertThat(scene.row(heldFirst).hold()).isEqualTo(CASE);
    assertThat(scene.row(releasedFirst).hold()).isEqualTo(CASE);
  }

  @Test
  default void aHeldAssetDoesNotStandInTheWayOfOthers() {
    LedgerScene scene = scene();
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(4);
    for (AssetId asset : assets) {
      scene.admit(asset);
      scene.release(asset);
      scene.elapse(Duration.ofSeconds(1));
    }
    custody().hold(assets.get(0), CASE);
    custody().hold(assets.get(1), CASE);
    assertThat(collector().collect(Duration.ZERO, 1)).containsExactly(assets.get(2));
    assertThat(collector().collect(Duration.ZERO, 1)).containsExactly(assets.get(3));
    assertThat(collector().collect(Duration.ZERO, 1)).isEmpty();
  }

  @Test
  default void liftingAHoldStartsTheGrace() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    custody().hold(asset, CASE);
    scene.release(asset);
    scene.elapse(HOLD_GRACE.multipliedBy(2));
    custody().unhold(asset);
    assertThat(collector().collect(HOLD_GRACE, 10)).isEmpty();
    scene.elapse(HOLD_GRACE.minusMinutes(1));
    assertThat(collector().collect(HOLD_GRACE, 10)).isEmpty();
    scene.elapse(Duration.ofMinutes(1));
    assertThat(collector().collect(HOLD_GRACE, 10)).containsExactly(asset);
  }

  @Test
  default void liftingAHoldLeavesAClaimedAssetClaimed() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    custody().hold(asset, CASE);
    custody().unhold(asset);
    scene.elapse(HOLD_GRACE);
    assertThat(collector().collect(Duration.ZERO, 10)).isEmpty();
    assertThat(scene.names(asset)).containsExactly(ownName(asset));
  }

  @Test
  default void variantsOfAHeldAssetCanBeEvicted() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    StorageKey key = scene.publish(asset, "t").key();
    custody().hold(asset, CASE);
    assertThat(collector().evictable(Duration.ZERO, Cursor.START, 10).items())
        .extracting(Evictable::key)
        .containsExactly(key);
    assertThat(collector().evict(List.of(key))).containsExactly(key);
    assertThat(scene.ledger.reader().variants(asset)).isEmpty();
  }

  @Test
  default void aHoldDisturbsNoWorkAndIsNoLineOfHistory() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Claim claim = scene.admitAndClaim(asset);
    custody().hold(asset, CASE);
    scene.ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    scene.ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
    scene.publish(asset, "t");
    custody().unhold(asset);
    assertThat(scene.events(asset))
        .containsExactly(
            AssetEvent.ADMITTED,
            AssetEvent.FINGERPRINTED,
            AssetEvent.DESCRIBED,
            AssetEvent.FIRST_VARIANT_PUBLISHED);
  }

  @Test
  default void aHoldSurvivesWhateverHappensToTheAsset() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    StorageKey key = scene.describe(asset).key();
    custody().hold(asset, CASE);
    scene.publish(asset, "t");
    scene.ledger.intake().admit(scene.admission(asset, "again"));
    scene.retain(asset, "once more");
    assertThat(scene.row(asset).hold()).isEqualTo(CASE);
    custody().markDamaged(asset, key, LedgerScene.failure("bit-rot"));
    scene.ledger.intake().admit(scene.admission(asset, "healed"));
    assertThat(scene.row(asset).hold()).isEqualTo(CASE);
    assertThat(scene.row(asset).damage()).isNull();
  }

  @Test
  default void anOriginalThatWasReplacedIsNoGarbageBeforeItsHoldIsLifted() {
    LedgerScene scene = scene();
    List<StorageKey> replaced = new ArrayList<>();
    List<AssetId> held = List.of(asset("a"), asset("tenant", "a"), asset("revived"));
    for (AssetId asset : held) {
      StorageKey key = scene.admit(asset).key();
      custody().hold(asset, CASE);
      replaced.add(key);
      if (asset.equals(asset("revived"))) {
        scene.bury(Subject.inspect(asset));
      } else {
        custody().markDamaged(asset, key, LedgerScene.failure("bit-rot"));
      }
      scene.ledger.intake().admit(scene.admission(asset, "again"));
      assertThat(scene.row(asset).key()).isNotEqualTo(key);
    }
    AssetId free = asset("other", "a");
    StorageKey garbage = scene.admit(free).key();
    custody().markDamaged(free, garbage, LedgerScene.failure("bit-rot"));
    scene.ledger.intake().admit(scene.admission(free, "again"));
    assertThat(scene().garbage(10)).containsExactly(garbage);
    assertThat(collector().named(replaced)).containsExactlyInAnyOrderElementsOf(replaced);
    for (int limit : new int[] {1, 2, 10}) {
      assertThat(scan(after -> custody().withheld(after, limit)))
          .as("by %s", limit)
          .containsExactlyElementsOf(replaced.stream().sorted().toList());
    }
    held.forEach(custody()::unhold);
    assertThat(scan(after -> custody().withheld(after, 10))).isEmpty();
    assertThat(scene().garbage(10)).contains(garbage).containsAll(replaced).hasSize(4);
  }

  @Test
  default void variantsOfAHeldAssetAreGarbageAllTheSame() {
    LedgerScene scene = scene();
    scene.describe(asset("a"));
    StorageKey variant = scene.publish(asset("a"), "t").key();
    custody().hold(asset("a"), CASE);
    scene.evict(asset("a"), "t");
    assertThat(scene().garbage(10)).containsExactly(variant);
  }

  @Test
  default void anAssetIsHeldOrCollectedHoweverCloseTheyRace() {
    LedgerScene scene = scene();
    for (int round = 0; round < 30; round++) {
      AssetId asset = asset("round " + round);
      scene.admit(asset);
      scene.release(asset);
      List<Boolean> answers =
          Together.run(
              List.<Callable<Boolean>>of(
                  () -> custody().hold(asset, CASE),
                  () -> collector().collect(Duration.ZERO, 1000).contains(asset)));
      assertThat(answers.get(1)).as("round %s: collected", round).isNotEqualTo(answers.get(0));
      assertThat(scene.ledger.reader().asset(asset).isPresent()).isEqualTo(answers.get(0));
    }
  }

  private CustodyLedger custody() {
    return scene().ledger.custody();
  }

  private CollectorLedger collector() {
    return scene().ledger.collector();
  }
}

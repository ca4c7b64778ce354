package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.SIZE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.scan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Collectable;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How one is told beforehand what a collection would take. */
interface CollectableCases extends LedgerCases {

  Duration WAIT = Duration.ofHours(1);

  @Test
  default void whatACollectionWouldTakeIsToldAndThenTaken() {
    LedgerScene scene = scene();
    List<AssetId> released = released(5);
    scene.admit(asset("claimed"));
    AssetId held = asset("held");
    scene.admit(held);
    scene.release(held);
    scene.ledger.custody().hold(held, new HoldReason("case 4711"));
    scene.elapse(WAIT);
    AssetId young = asset("young");
    scene.admit(young);
    scene.release(young);
    assertThat(collectable(WAIT, 10))
        .extracting(Collectable::asset)
        .containsExactlyElementsOf(released);
    assertThat(collector().collect(WAIT, 2))
        .containsExactlyInAnyOrderElementsOf(released.subList(0, 2));
    assertThat(collectable(WAIT, 10)).hasSize(3);
    assertThat(collector().collect(WAIT, 10)).hasSize(3);
    assertThat(collector().collectable(WAIT, Cursor.START, 10))
        .isEqualTo(new Page<>(List.of(), null));
    assertThat(collectable(Duration.ZERO, 10))
        .extracting(Collectable::asset)
        .containsExactly(young);
  }

  @Test
  default void lookingAtWhatCouldBeCollectedChangesNothing() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.publish(asset, "t");
    scene.release(asset);
    List<Object> before = scene.everythingAbout(asset);
    assertThat(collectable(Duration.ZERO, 10)).hasSize(1);
    assertThat(scene.everythingAbout(asset)).isEqualTo(before);
  }

  @Test
  default void whatWouldBeFreedIsAddedUp() {
    LedgerScene scene = scene();
    AssetId plain = asset("plain");
    AssetId rich = asset("tenant", "rich");
    scene.admit(plain);
    scene.describe(rich);
    scene.publish(rich, "one", 5_000_000_000L, Duration.ofMillis(5));
    scene.publish(rich, "two", 11, Duration.ofMillis(5));
    scene.request(rich, "wanted");
    scene.request(rich, "failed");
    scene.bury(derive(rich, "failed"));
    scene.release(plain);
    scene.elapse(Duration.ofSeconds(1));
    scene.release(rich);
    assertThat(collectable(Duration.ZERO, 10))
        .containsExactly(
            new Collectable(plain, 0, SIZE), new Collectable(rich, 2, SIZE + 5_000_000_011L));
  }

  @Test
  default void whatCouldBeCollectedIsListedToTheEnd() {
    List<AssetId> released = released(7);
    for (int limit : new int[] {1, 2, 7, 100}) {
      assertThat(collectable(Duration.ZERO, limit))
          .as("by %s", limit)
          .extracting(Collectable::asset)
          .containsExactlyElementsOf(released);
    }
    assertThat(collector().collectable(Duration.ZERO, Cursor.START, 3).items())
        .hasSizeLessThanOrEqualTo(3);
  }

  @Test
  default void aScanOfTheCollectableMissesNothingWhileTheyAreCollected() {
    List<AssetId> released = released(8);
    List<Collectable> seen =
        scan(
            after -> collector().collectable(Duration.ZERO, after, 2),
            page -> collector().collect(Duration.ZERO, page.items().size()));
    assertThat(seen).extracting(Collectable::asset).containsExactlyElementsOf(released);
  }

  @Test
  default void assetsReleasedAtOneMomentAreAllListed() {
    LedgerScene scene = scene();
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(9);
    assets.forEach(scene::admit);
    assets.forEach(scene::release);
    for (int limit : new int[] {1, 4}) {
      assertThat(collectable(Duration.ZERO, limit))
          .extracting(Collectable::asset)
          .containsExactlyInAnyOrderElementsOf(assets);
    }
  }

  /** Assets that were released one after the other, against the order of their digests. */
  private List<AssetId> released(int number) {
    List<AssetId> assets = new ArrayList<>(LedgerScene.assetsAgainstTheirOrder(number));
    for (AssetId asset : assets) {
      scene().admit(asset);
      scene().release(asset);
      scene().elapse(Duration.ofSeconds(1));
    }
    return assets;
  }

  private List<Collectable> collectable(Duration grace, int limit) {
    return scan(after -> collector().collectable(grace, after, limit));
  }

  private CollectorLedger collector() {
    return scene().ledger.collector();
  }
}

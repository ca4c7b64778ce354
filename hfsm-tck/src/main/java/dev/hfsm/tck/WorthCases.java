package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.scan;
import static dev.hfsm.tck.LedgerScene.variant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** How it is known which variants are worth keeping. */
interface WorthCases extends LedgerCases {

  AssetId USED = asset("used");
  Duration COST = Duration.ofMillis(50);
  long COST_NANOS = COST.toNanos();

  @Test
  default void aVariantCountsAsUsedOnceWhenItIsMade() {
    LedgerScene scene = scene();
    scene.describe(USED);
    Instant before = scene.now();
    StorageKey key = scene.publish(USED, "t", 1000, COST);
    Evictable fresh = one(Duration.ZERO);
    assertThat(fresh.key()).isEqualTo(key);
    assertThat(fresh.bytes()).isEqualTo(1000);
    isWorth(fresh, COST_NANOS / 1000.0);
    scene.isNow(fresh.usedAt(), before);
  }

  @Test
  default void aVariantSettledWithOthersCountsAsUsedOnceToo() {
    LedgerScene scene = scene();
    scene.describe(USED);
    scene.settle(scene.rendered(scene.requestAndClaim(USED, "t"), "t"));
    isWorth(one(Duration.ZERO), 45_000_000 / 77.0);
  }

  @Test
  default void everyUseCounts() {
    LedgerScene scene = scene();
    scene.describe(USED);
    scene.publish(USED, "t", 1000, COST);
    scene.used(USED, "t", 3);
    isWorth(one(Duration.ZERO), 4 * COST_NANOS / 1000.0);
    VariantUse use = new VariantUse(USED, variant(USED, "t"), 2);
    scene.ledger.intake().used(List.of(use, use));
    isWorth(one(Duration.ZERO), 8 * COST_NANOS / 1000.0);
    scene.used(USED, "t", 6_000_000_000L);
    isWorth(one(Duration.ZERO), 6_000_000_008.0 * COST_NANOS / 1000.0);
  }

  @Test
  default void aVariantIsIdleSinceItsLastUse() {
    LedgerScene scene = scene();
    Duration idle = Duration.ofDays(7);
    scene.describe(USED);
    scene.publish(USED, "t");
    scene.elapse(idle.minusMinutes(1));
    assertThat(evictable(idle, 10)).isEmpty();
    scene.elapse(Duration.ofMinutes(1));
    assertThat(evictable(idle, 10)).hasSize(1);
    Instant before = scene.now();
    scene.used(USED, "t", 1);
    assertThat(evictable(idle, 10)).isEmpty();
    scene.isNow(one(Duration.ZERO).usedAt(), before);
    scene.elapse(idle);
    assertThat(evictable(idle, 10)).hasSize(1);
  }

  @Test
  default void theLeastWorthIsListedFirst() {
    LedgerScene scene = scene();
    scene.describe(USED);
    StorageKey cheap = scene.publish(USED, "cheap", 1000, Duration.ofMillis(1));
    StorageKey costly = scene.publish(USED, "costly", 1000, Duration.ofSeconds(20));
    StorageKey large = scene.publish(USED, "large", 900_000, Duration.ofMillis(500));
    StorageKey small = scene.publish(USED, "small", 10, Duration.ofMillis(2));
    StorageKey loved = scene.publish(USED, "loved", 1000, Duration.ofMillis(1));
    scene.used(USED, "loved", 9);
    assertThat(evictable(Duration.ZERO, 100))
        .extracting(Evictable::key)
        .containsExactly(large, cheap, loved, small, costly);
  }

  @Test
  default void usesOfWhatIsNotReadyArePassedOver() {
    LedgerScene scene = scene();
    scene.describe(USED);
    scene.publish(USED, "ready", 1000, COST);
    scene.request(USED, "wanted");
    scene.request(USED, "failed");
    scene.bury(derive(USED, "failed"));
    List<Object> before = scene.everythingAbout(USED);
    List<VariantUse> uses = new ArrayList<>();
    for (String t : List.of("wanted", "failed", "unknown", "ready")) {
      uses.add(new VariantUse(USED, variant(USED, t), 5));
    }
    uses.add(new VariantUse(asset("absent"), variant(asset("absent"), "t"), 5));
    uses.add(new VariantUse(asset("tenant", "used"), variant(USED, "ready"), 5));
    scene.ledger.intake().used(uses);
    scene.ledger.intake().used(List.of());
    assertThat(scene.everythingAbout(USED)).isEqualTo(before);
    isWorth(one(Duration.ZERO), 6 * COST_NANOS / 1000.0);
  }

  @Test
  default void readyVariantsOfAllScopesAreListedToTheEnd() {
    LedgerScene scene = scene();
    List<StorageKey> keys = new ArrayList<>();
    for (String scope : List.of("", "one", "two")) {
      AssetId asset = scope.isEmpty() ? USED : asset(scope, "used");
      scene.describe(asset);
      scene.request(asset, "wanted");
      for (int i = 0; i < 3; i++) {
        keys.add(scene.publish(asset, "t" + i, 1000, COST));
      }
    }
    for (int limit : new int[] {1, 2, 9, 100}) {
      assertThat(evictable(Duration.ZERO, limit))
          .as("by %s, all of the same worth", limit)
          .extracting(Evictable::key)
          .containsExactlyInAnyOrderElementsOf(keys);
    }
    assertThat(collector().evictable(Duration.ZERO, Cursor.START, 2).items())
        .hasSizeLessThanOrEqualTo(2);
    assertThat(collector().evictable(Duration.ofDays(1), Cursor.START, 2))
        .isEqualTo(new Page<>(List.of(), null));
  }

  @Test
  default void aScanOfTheEvictableMissesNothingWhileTheyAreEvicted() {
    LedgerScene scene = scene();
    scene.describe(USED);
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      keys.add(scene.publish(USED, "t" + i, 1000, COST.multipliedBy(i)));
    }
    List<Evictable> seen =
        scan(
            after -> collector().evictable(Duration.ZERO, after, 2),
            page -> collector().evict(page.items().stream().map(Evictable::key).toList()));
    assertThat(seen).extracting(Evictable::key).containsExactlyElementsOf(keys);
    assertThat(evictable(Duration.ZERO, 10)).isEmpty();
  }

  @Test
  default void aVariantMadeAgainStartsOver() {
    LedgerScene scene = scene();
    scene.describe(USED);
    scene.publish(USED, "t", 1000, COST);
    scene.used(USED, "t", 99);
    isWorth(one(Duration.ZERO), 100 * COST_NANOS / 1000.0);
    scene.evict(USED, "t");
    scene.publish(USED, "t", 1000, COST);
    isWorth(one(Duration.ZERO), COST_NANOS / 1000.0);
  }

  @Test
  default void aVariantWithoutBytesOrCostHasAWorthToo() {
    LedgerScene scene = scene();
    scene.describe(USED);
    StorageKey free = scene.publish(USED, "free", 1000, Duration.ZERO);
    StorageKey empty = scene.publish(USED, "empty", 0, COST);
    assertThat(evictable(Duration.ZERO, 1)).extracting(Evictable::key).containsExactly(free, empty);
    assertThat(evictable(Duration.ZERO, 10).get(0).worth()).isCloseTo(0, within(1e-9));
    assertThat(evictable(Duration.ZERO, 10).get(1).worth()).isFinite();
  }

  @Test
  default void whatReadyVariantsTakeIsAddedUpOverAllScopes() {
    LedgerScene scene = scene();
    assertThat(collector().variantBytes()).isZero();
    AssetId elsewhere = asset("tenant", "used");
    scene.describe(USED);
    scene.describe(elsewhere);
    scene.publish(USED, "t", 3_000_000_000L, COST);
    scene.publish(USED, "evicted", 50, COST);
    scene.publish(elsewhere, "t", 2_000_000_007L, COST);
    scene.request(USED, "wanted");
    assertThat(collector().variantBytes()).isEqualTo(5_000_000_057L);
    scene.evict(USED, "evicted");
    assertThat(collector().variantBytes()).isEqualTo(5_000_000_007L);
    scene.release(elsewhere);
    collector().collect(Duration.ZERO, 10);
    assertThat(collector().variantBytes()).isEqualTo(3_000_000_000L);
  }

  private static void isWorth(Evictable variant, double worth) {
    assertThat(variant.worth()).isCloseTo(worth, Percentage.withPercentage(0.001));
  }

  private Evictable one(Duration idle) {
    List<Evictable> all = evictable(idle, 10);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private List<Evictable> evictable(Duration idle, int limit) {
    return scan(after -> collector().evictable(idle, after, limit));
  }

  private CollectorLedger collector() {
    return scene().ledger.collector();
  }
}

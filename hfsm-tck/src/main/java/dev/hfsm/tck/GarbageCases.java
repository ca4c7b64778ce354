package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which keys are named, which are garbage, and which are nobody's. */
interface GarbageCases extends LedgerCases {

  /** More bytes than an int can count. */
  long BIG = 5_000_000_000L;

  @Test
  default void garbageStaysUntilItIsForgotten() {
    LedgerScene scene = scene();
    StorageKey first = collected(asset("a"));
    StorageKey second = collected(asset("b"));
    scene.elapse(Duration.ofDays(400));
    CollectorLedger collector = scene.ledger.collector();
    assertThat(scene.garbage(10)).containsExactlyInAnyOrder(first, second);
    assertThat(scene.garbage(10)).as("asked again").containsExactlyInAnyOrder(first, second);
    collector.forget(List.of(first));
    assertThat(scene.garbage(10)).containsExactly(second);
    collector.forget(List.of(first, second));
    assertThat(scene.garbage(10)).isEmpty();
  }

  @Test
  default void noMoreGarbageIsListedThanAskedFor() {
    LedgerScene scene = scene();
    Set<StorageKey> all = new HashSet<>();
    LedgerScene.assetsAgainstTheirOrder(5).forEach(asset -> all.add(collected(asset)));
    CollectorLedger collector = scene.ledger.collector();
    Set<StorageKey> seen = new HashSet<>();
    for (int expected : new int[] {2, 2, 1, 0}) {
      List<StorageKey> some = scene.garbage(2);
      assertThat(some).hasSize(expected);
      seen.addAll(some);
      collector.forget(some);
    }
    assertThat(seen).isEqualTo(all);
  }

  @Test
  default void whatWasCollectedIsListedWithItsSize() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    StorageKey original = described(asset, BIG);
    StorageKey small = scene.publish(asset, "small", 7, Duration.ZERO);
    StorageKey big = scene.publish(asset, "big", BIG + 1, Duration.ZERO);
    scene.request(asset, "wanted");
    scene.release(asset);
    assertThat(scene.ledger.collector().collect(Duration.ZERO, 10)).containsExactly(asset);
    assertThat(scene.ledger.collector().garbage(10))
        .containsExactlyInAnyOrder(
            new Discarded(original, BIG), new Discarded(small, 7L), new Discarded(big, BIG + 1));
  }

  @Test
  default void whatWasPurgedIsListedWithItsSize() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    StorageKey original = described(asset, 5);
    StorageKey variant = scene.publish(asset, "t", BIG, Duration.ZERO);
    scene.ledger.custody().purge(asset);
    assertThat(scene.ledger.collector().garbage(10))
        .containsExactlyInAnyOrder(new Discarded(original, 5L), new Discarded(variant, BIG));
  }

  @Test
  default void whatWasEvictedIsListedWithItsSize() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    described(asset, 5);
    StorageKey one = scene.publish(asset, "one", 7, Duration.ZERO);
    StorageKey two = scene.publish(asset, "two", BIG, Duration.ZERO);
    scene.ledger.collector().evict(List.of(one, two));
    assertThat(scene.ledger.collector().garbage(10))
        .containsExactlyInAnyOrder(new Discarded(one, 7L), new Discarded(two, BIG));
  }

  @Test
  default void anOriginalThatWasReplacedIsListedWithItsSize() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    StorageKey damaged = described(asset, BIG);
    scene.ledger.custody().markDamaged(asset, damaged, LedgerScene.failure("bit-rot"));
    admit(asset, BIG);
    assertThat(scene.ledger.collector().garbage(10)).containsExactly(new Discarded(damaged, BIG));
  }

  @Test
  default void anEmptyBlobsSizeIsNothingAndNotUnknown() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    StorageKey empty = described(asset, 0);
    scene.ledger.custody().purge(asset);
    assertThat(scene.ledger.collector().garbage(10)).containsExactly(new Discarded(empty, 0L));
  }

  @Test
  default void forgettingWhatIsNoGarbageDoesNoHarm() {
    LedgerScene scene = scene();
    AssetRow row = scene.describe(asset("a"));
    VariantContent variant = scene.publish(row.id(), "t");
    List<StorageKey> live = List.of(row.key(), variant.key());
    CollectorLedger collector = scene.ledger.collector();
    collector.forget(live);
    collector.forget(List.of(scene.key(asset("stranger"))));
    collector.forget(List.of());
    assertThat(collector.named(live)).containsExactlyInAnyOrderElementsOf(live);
    assertThat(scene.row(row.id()).key()).isEqualTo(row.key());
    assertThat(scene.row(row.id(), "t").content()).isEqualTo(variant);
  }

  @Test
  default void theKeysOfRowsAreNamedAndStrangersAreNot() {
    LedgerScene scene = scene();
    AssetRow row = scene.describe(asset("a"));
    VariantContent variant = scene.publish(row.id(), "t");
    scene.request(row.id(), "wanted");
    AssetRow elsewhere = scene.admit(asset("tenant", "a"));
    List<StorageKey> named = List.of(row.key(), variant.key(), elsewhere.key());
    List<StorageKey> asked = new ArrayList<>(named);
    asked.add(scene.key(row.id()));
    asked.add(scene.content(row.id(), "t").key());
    asked.add(scene.content(row.id(), "wanted").key());
    asked.add(scene.key(asset("stranger")));
    assertThat(scene.ledger.collector().named(asked)).containsExactlyInAnyOrderElementsOf(named);
    assertThat(scene.ledger.collector().named(List.of())).isEmpty();
    assertThat(scene.ledger.collector().named(List.of(row.key()))).containsExactly(row.key());
  }

  @Test
  default void garbageIsNamedUntilItIsForgotten() {
    LedgerScene scene = scene();
    StorageKey key = collected(asset("a"));
    CollectorLedger collector = scene.ledger.collector();
    assertThat(collector.named(List.of(key))).containsExactly(key);
    collector.forget(List.of(key));
    assertThat(collector.named(List.of(key))).isEmpty();
  }

  @Test
  default void thousandsOfKeysCanBeAskedForAndForgottenAtOnce() {
    LedgerScene scene = scene();
    AssetRow row = scene.admit(asset("a"));
    StorageKey garbage = collected(asset("b"));
    List<StorageKey> keys = new ArrayList<>();
    String known = row.key().text();
    String withoutStamp = known.substring(0, known.indexOf('-') + 1);
    for (int i = 0; i < 5000; i++) {
      String number = Integer.toHexString(i);
      keys.add(new StorageKey(withoutStamp + "0".repeat(27 - number.length()) + number));
    }
    keys.add(row.key());
    keys.add(garbage);
    CollectorLedger collector = scene.ledger.collector();
    assertThat(collector.named(keys)).containsExactlyInAnyOrder(row.key(), garbage);
    collector.forget(keys);
    assertThat(collector.named(keys)).containsExactly(row.key());
  }

  /** Admits so many bytes. */
  private StorageKey admit(AssetId asset, long size) {
    StorageKey key = scene().key(asset);
    ReferenceName name = LedgerScene.name(LedgerScene.ownName(asset));
    scene().ledger.intake().admit(new Admission(asset, size, key, name, Facts.NONE));
    return key;
  }

  /** A new asset of this size, whose inspection is done. */
  private StorageKey described(AssetId asset, long size) {
    StorageKey key = admit(asset, size);
    Lease lease = scene().claim(Subject.inspect(asset)).lease();
    scene().ledger.work().advance(lease, AssetEvent.FINGERPRINTED, Facts.NONE);
    scene().ledger.work().advance(lease, AssetEvent.DESCRIBED, Facts.NONE);
    return key;
  }

  private StorageKey collected(AssetId asset) {
    LedgerScene scene = scene();
    StorageKey key = scene.admit(asset).key();
    assertThat(scene.tryClaim(Subject.inspect(asset))).hasSize(1);
    scene.release(asset);
    assertThat(scene.ledger.collector().collect(Duration.ZERO, 10)).containsExactly(asset);
    return key;
  }
}

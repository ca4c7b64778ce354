package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How variants go that can be made again. */
interface EvictionCases extends LedgerCases {

  @Test
  default void anEvictedVariantIsGoneAndItsKeyIsGarbage() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetRow row = scene.describe(asset);
    VariantContent evicted = scene.publish(asset, "evicted");
    VariantContent kept = scene.publish(asset, "kept");
    assertThat(clearing().evict(List.of(evicted.key()))).containsExactly(evicted.key());
    assertThat(scene.ledger.reader().variants(asset))
        .extracting(VariantRow::content)
        .containsExactly(kept);
    assertThat(scene().garbage(10)).containsExactly(evicted.key());
    assertThat(clearing().named(List.of(evicted.key(), kept.key(), row.key()))).hasSize(3);
    assertThat(scene.row(asset).state()).isEqualTo(AssetState.VARIANTS_READY);
  }

  @Test
  default void onlyTheKeysOfReadyVariantsAreEvicted() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetRow row = scene.describe(asset);
    scene.publish(asset, "ready");
    scene.request(asset, "wanted");
    scene.requestAndClaim(asset, "being made");
    scene.request(asset, "failed");
    scene.bury(derive(asset, "failed"));
    List<Object> before = scene.everythingAbout(asset);
    List<StorageKey> others = new ArrayList<>(List.of(row.key(), scene.key(asset("unknown"))));
    for (String variant : List.of("ready", "wanted", "being made", "failed", "unknown")) {
      others.add(scene.content(asset, variant).key());
    }
    assertThat(clearing().evict(others)).isEmpty();
    assertThat(clearing().evict(List.of())).isEmpty();
    assertThat(scene.everythingAbout(asset)).isEqualTo(before);
  }

  @Test
  default void whatIsEvictedTwiceIsGarbageOnce() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    StorageKey key = scene.publish(asset, "t").key();
    assertThat(clearing().evict(List.of(key, key))).containsExactly(key);
    assertThat(clearing().evict(List.of(key))).isEmpty();
    clearing().forget(List.of(key));
    assertThat(clearing().evict(List.of(key))).isEmpty();
    assertThat(scene().garbage(10)).isEmpty();
  }

  @Test
  default void evictionTouchesNoOtherAsset() {
    LedgerScene scene = scene();
    AssetId here = asset("here", "a");
    AssetId there = asset("there", "a");
    for (AssetId asset : List.of(here, there)) {
      scene.describe(asset);
      scene.publish(asset, "t");
    }
    scene.evict(here, "t");
    assertThat(scene.ledger.reader().variants(here)).isEmpty();
    assertThat(scene.ledger.reader().variants(there)).hasSize(1);
  }

  @Test
  default void variantsOfManyAssetsAreEvictedAtOnce() {
    LedgerScene scene = scene();
    Set<StorageKey> keys = new HashSet<>();
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(30);
    for (AssetId asset : assets) {
      scene.admit(asset);
      keys.add(scene.publish(asset, "one").key());
      keys.add(scene.publish(asset, "two").key());
    }
    assertThat(clearing().evict(keys)).isEqualTo(keys);
    assertThat(scene().garbage(100)).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(assets).allSatisfy(a -> assertThat(scene.ledger.reader().variants(a)).isEmpty());
  }

  private CollectorLedger clearing() {
    return scene().ledger.collector();
  }
}

package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.SIZE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.scan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Kept;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies where, and whose ledger this is. */
interface InventoryCases extends LedgerCases {

  @Test
  default void anEmptyLedgerKeepsNothing() {
    scene().admit(asset("a"));
    scene().ledger.custody().purge(asset("a"));
    assertThat(custody().inventory(Cursor.START, 10)).isEqualTo(new Page<>(List.of(), null));
  }

  @Test
  default void originalsAndReadyVariantsOfAllScopesAreListedInOrderOfKey() {
    List<Kept> kept = keptInManyScopes();
    scene().request(asset("a"), "wanted");
    for (int limit : new int[] {1, 2, 5, 100}) {
      assertThat(scan(after -> custody().inventory(after, limit)))
          .as("by %s", limit)
          .containsExactlyElementsOf(kept);
    }
    assertThat(custody().inventory(Cursor.START, 3).items()).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  default void garbageIsNotKept() {
    LedgerScene scene = scene();
    AssetRow original = scene.describe(asset("a"));
    VariantContent stays = scene.publish(asset("a"), "stays");
    scene.publish(asset("a"), "goes");
    scene.evict(asset("a"), "goes");
    scene.admit(asset("collected"));
    scene.release(asset("collected"));
    scene.ledger.collector().collect(Duration.ZERO, 10);
    assertThat(scan(after -> custody().inventory(after, 10)))
        .extracting(Kept::key)
        .containsExactlyInAnyOrder(original.key(), stays.key());
  }

  @Test
  default void aScanOfWhatIsKeptMissesNothingWhileOthersGo() {
    LedgerScene scene = scene();
    List<Kept> kept = keptInManyScopes();
    List<Kept> seen =
        scan(
            after -> custody().inventory(after, 2),
            page ->
                page.items().stream()
                    .map(k -> k.key().parts().orElseThrow())
                    .forEach(
                        parts -> parts.variant().ifPresent(v -> scene.evict(parts.asset(), "t"))));
    assertThat(seen).containsExactlyElementsOf(kept);
  }

  @Test
  default void theLedgerHasANameThatStays() {
    String name = custody().ledgerId();
    assertThat(name).matches("[a-z0-9-]{1,64}");
    scene().admit(asset("a"));
    scene().elapse(Duration.ofDays(1));
    assertThat(custody().ledgerId()).isEqualTo(name);
  }

  @Test
  default void everyHandleOnALedgerTellsTheSameName() {
    String name = custody().ledgerId();
    String toldElsewhere = scene().seenByAnother(another -> another.custody().ledgerId());
    assertThat(toldElsewhere).isEqualTo(name);
    assertThat(Together.run(4, i -> custody().ledgerId())).containsOnly(name);
  }

  /** Originals with a variant each, in scopes whose order tells orders of text apart. */
  private List<Kept> keptInManyScopes() {
    LedgerScene scene = scene();
    List<Kept> kept = new ArrayList<>();
    for (String scope : List.of("", "a", "a-b", "a_b", "ab", "s", "z")) {
      AssetId asset = scope.isEmpty() ? asset("a") : asset(scope, "a");
      StorageKey key = scene.describe(asset).key();
      kept.add(new Kept(key, new BlobRef(asset.digest(), SIZE)));
      VariantContent content = scene.publish(asset, "t");
      kept.add(new Kept(content.key(), content.blob()));
    }
    kept.sort((a, b) -> a.key().compareTo(b.key()));
    return kept;
  }

  private CustodyLedger custody() {
    return scene().ledger.custody();
  }
}

package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.SIZE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a scope amounts to. */
interface StatsCases extends LedgerCases {

  @Test
  default void anEmptyScopeAmountsToNothing() {
    scene().admit(asset("tenant", "a"));
    assertThat(scene().ledger.operator().stats(Scope.DEFAULT))
        .isEqualTo(new LedgerStats(Map.of(), 0, 0, 0, 0, 0));
  }

  @Test
  default void assetsAreCountedByState() {
    LedgerScene scene = scene();
    scene.admit(asset("new"));
    scene.admit(asset("new too"));
    scene.describe(asset("described"));
    scene.reject(asset("rejected"), Facts.NONE);
    scene.admit(asset("failed"));
    scene.bury(Subject.inspect(asset("failed")));
    scene.describe(asset("with variant"));
    scene.publish(asset("with variant"), "t");
    assertThat(scene.ledger.operator().stats(Scope.DEFAULT).assets())
        .isEqualTo(
            Map.of(
                AssetState.INGESTED, 2L,
                AssetState.DEDUP_CHECK, 0L,
                AssetState.METADATA_READY, 1L,
                AssetState.VARIANTS_READY, 1L,
                AssetState.REJECTED, 1L,
                AssetState.FAILED, 1L));
  }

  @Test
  default void duplicatesCountInWhatWasUploadedAndNotInWhatIsStored() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.admit(asset("b"));
    scene.ledger.intake().admit(scene.admission(asset, "again"));
    scene.ledger.intake().retain(new Retention(asset, name("once more"), Retention.Cause.UPLOAD));
    scene.retain(asset, "claimed");
    LedgerStats stats = scene.ledger.operator().stats(Scope.DEFAULT);
    assertThat(stats.logicalBytes()).isEqualTo(4 * SIZE);
    assertThat(stats.originalBytes()).isEqualTo(2 * SIZE);
    assertThat(stats.duplicates()).isEqualTo(2);
  }

  @Test
  default void onlyReadyVariantsCount() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.publish(asset, "one");
    scene.publish(asset, "two");
    scene.request(asset, "wanted");
    scene.request(asset, "failed");
    scene.bury(derive(asset, "failed"));
    LedgerStats stats = scene.ledger.operator().stats(Scope.DEFAULT);
    assertThat(stats.variants()).isEqualTo(2);
    assertThat(stats.variantBytes()).isEqualTo(2 * scene.content(asset, "any").blob().size());
    assertThat(stats.originalBytes()).isEqualTo(SIZE);
  }

  @Test
  default void aScopeIsSummedUpApartAndBeyondAnInt() {
    LedgerScene scene = scene();
    long size = 3_000_000_000L;
    AssetId here = asset("here", "a");
    scene
        .ledger
        .intake()
        .admit(new Admission(here, size, scene.key(here), name("one"), Facts.NONE));
    scene
        .ledger
        .intake()
        .admit(new Admission(here, size, scene.key(here), name("two"), Facts.NONE));
    scene.publish(here, "t");
    scene.describe(asset("there", "a"));
    scene.publish(asset("there", "a"), "t");
    LedgerStats stats = scene.ledger.operator().stats(here.scope());
    assertThat(stats)
        .isEqualTo(new LedgerStats(Map.of(AssetState.INGESTED, 1L), 1, 2 * size, size, 77, 1));
  }

  @Test
  default void whatIsCollectedCountsNoMore() {
    LedgerScene scene = scene();
    scene.describe(asset("a"));
    scene.publish(asset("a"), "t");
    scene.release(asset("a"));
    scene.ledger.collector().collect(Duration.ZERO, 10);
    assertThat(scene.ledger.operator().stats(Scope.DEFAULT))
        .isEqualTo(new LedgerStats(Map.of(), 0, 0, 0, 0, 0));
  }
}

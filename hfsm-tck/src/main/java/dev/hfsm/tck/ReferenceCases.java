package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.name;
import static dev.hfsm.tck.LedgerScene.ownName;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Retention.Cause;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How assets are claimed by name. */
interface ReferenceCases extends LedgerCases {

  @Test
  default void retainingPointsANameAndAnswersTheRow() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetRow row = scene.admit(asset);
    Instant before = scene.now();
    assertThat(scene.retain(asset, "a second name")).contains(row);
    List<Reference> references = scene.ledger.reader().references(asset);
    assertThat(references).hasSize(2);
    assertThat(references.get(0).asset()).isEqualTo(asset);
    assertThat(references.get(0).name()).isEqualTo(name("a second name"));
    scene.isNow(references.get(0).since(), before);
  }

  @Test
  default void onlyAnUploadCountsAsAnUpload() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    IntakeLedger intake = scene.ledger.intake();
    intake.retain(new Retention(asset, name("claimed"), Cause.CLAIM));
    assertThat(scene.row(asset).uploads()).isEqualTo(1);
    assertThat(intake.retain(new Retention(asset, name("uploaded"), Cause.UPLOAD)))
        .get()
        .extracting(AssetRow::uploads)
        .isEqualTo(2L);
    assertThat(scene.row(asset).uploads()).isEqualTo(2);
  }

  @Test
  default void uploadsAtOnceAreAllCounted() {
    LedgerScene scene = scene();
    int threads = 16;
    AssetId asset = asset("a");
    scene.admit(asset);
    Together.run(
        threads, i -> scene.ledger.intake().retain(new Retention(asset, name("n"), Cause.UPLOAD)));
    assertThat(scene.row(asset).uploads()).isEqualTo(1 + threads);
  }

  @Test
  default void retainingWhatIsNotThereIsAnsweredEmptyAndMovesNoName() {
    LedgerScene scene = scene();
    AssetId there = asset("a");
    AssetId absent = asset("b");
    scene.admit(there);
    assertThat(scene.retain(absent, ownName(there))).isEmpty();
    assertThat(scene.names(there)).containsExactly(ownName(there));
    assertThat(scene.names(absent)).isEmpty();
  }

  @Test
  default void retainingAFailedAssetDoesNotReviveIt() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.bury(Subject.inspect(asset));
    scene.retain(asset, "again");
    assertThat(scene.row(asset).state()).isEqualTo(AssetState.FAILED);
    assertThat(scene.tryClaim(Subject.inspect(asset))).isEmpty();
  }

  @Test
  default void aNamePointsAtOneAssetAndRetainingMovesIt() {
    LedgerScene scene = scene();
    AssetId first = asset("a");
    AssetId second = asset("b");
    scene.admit(first);
    scene.admit(second);
    scene.retain(first, "hero");
    scene.retain(second, "hero");
    assertThat(scene.names(first)).containsExactly(ownName(first));
    assertThat(scene.names(second)).containsExactly("hero", ownName(second));
  }

  @Test
  default void admittingMovesTheNameToo() {
    LedgerScene scene = scene();
    AssetId first = asset("a");
    AssetId second = asset("b");
    scene.ledger.intake().admit(scene.admission(first, "hero"));
    scene.ledger.intake().admit(scene.admission(second, "hero"));
    assertThat(scene.names(first)).isEmpty();
    assertThat(scene.names(second)).containsExactly("hero");
    scene.ledger.intake().admit(scene.admission(first, "hero"));
    assertThat(scene.names(first)).containsExactly("hero");
    assertThat(scene.names(second)).isEmpty();
  }

  @Test
  default void aReferenceTellsSinceWhenItPointsAtThisAsset() {
    LedgerScene scene = scene();
    AssetId first = asset("a");
    AssetId second = asset("b");
    scene.ledger.intake().admit(scene.admission(first, "hero"));
    scene.admit(second);
    scene.elapse(Duration.ofHours(1));
    scene.retain(first, "hero");
    assertThat(scene.ledger.reader().references(first)).hasSize(1);
    assertThat(scene.ledger.reader().references(first).get(0).since())
        .isBeforeOrEqualTo(scene.now().minus(Duration.ofHours(1)));
    Instant before = scene.now();
    scene.retain(second, "hero");
    scene.isNow(scene.ledger.reader().references(second).get(0).since(), before);
  }

  @Test
  default void releasingTellsWhatTheNamePointedAtOnce() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.retain(asset, "hero");
    IntakeLedger intake = scene.ledger.intake();
    assertThat(intake.release(Scope.DEFAULT, name("hero"))).contains(asset);
    assertThat(scene.names(asset)).containsExactly(ownName(asset));
    assertThat(intake.release(Scope.DEFAULT, name("hero"))).isEmpty();
    assertThat(intake.release(Scope.DEFAULT, name("never heard of"))).isEmpty();
  }

  @Test
  default void aReleasedAssetIsStillThere() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetRow row = scene.admit(asset);
    scene.release(asset);
    assertThat(scene.row(asset)).isEqualTo(row);
    assertThat(scene.claim(Subject.inspect(asset)).asset()).isEqualTo(row);
  }

  @Test
  default void namesOfOneScopeAreNothingToAnother() {
    LedgerScene scene = scene();
    AssetId here = asset("here", "a");
    AssetId there = asset("there", "b");
    scene.ledger.intake().admit(scene.admission(here, "hero"));
    scene.ledger.intake().admit(scene.admission(there, "hero"));
    assertThat(scene.names(here)).containsExactly("hero");
    assertThat(scene.names(there)).containsExactly("hero");
    assertThat(scene.ledger.intake().release(Scope.DEFAULT, name("hero"))).isEmpty();
    assertThat(scene.ledger.intake().release(here.scope(), name("hero"))).contains(here);
    assertThat(scene.names(there)).containsExactly("hero");
  }

  @Test
  default void referencesAreListedInOrderOfName() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    List<String> names = new ArrayList<>(List.of("b", "B", "a/1", "a", "~z", "ä", "Z", "a b", "1"));
    names.forEach(name -> scene.ledger.intake().admit(scene.admission(asset, name)));
    names.sort(null);
    assertThat(scene.names(asset)).containsExactlyElementsOf(names);
  }

  @Test
  default void namesThatDifferAtAllAreDifferentNames() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    List<String> names =
        List.of("é", "e\u0301", "É", "e", "E", "e ", " e", "漢字 😀", "%", "_", "'", "x".repeat(512));
    names.forEach(name -> scene.ledger.intake().admit(scene.admission(asset, name)));
    assertThat(scene.names(asset)).containsExactlyInAnyOrderElementsOf(names);
    for (String name : names) {
      assertThat(scene.ledger.intake().release(Scope.DEFAULT, name(name))).contains(asset);
    }
    assertThat(scene.names(asset)).isEmpty();
  }

  @Test
  default void anImplicitNameHoldsAnAssetLikeAnyOther() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    ReferenceName implicit = ReferenceName.implicit(asset.digest());
    scene.admit(asset);
    scene.ledger.intake().retain(new Retention(asset, implicit, Cause.UPLOAD));
    scene.release(asset);
    assertThat(scene.ledger.collector().collect(Duration.ZERO, 10)).isEmpty();
    assertThat(scene.ledger.intake().release(Scope.DEFAULT, implicit)).contains(asset);
    assertThat(scene.ledger.collector().collect(Duration.ZERO, 10)).containsExactly(asset);
  }

  @Test
  default void movesOfOneNameAtOnceEndAtExactlyOneAsset() {
    LedgerScene scene = scene();
    int threads = 8;
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(threads);
    assets.forEach(scene::admit);
    assets.forEach(scene::release);
    for (int round = 0; round < 5; round++) {
      Together.run(threads, i -> scene.retain(assets.get(i), "hero"));
      List<AssetId> named = assets.stream().filter(a -> !scene.names(a).isEmpty()).toList();
      assertThat(named).hasSize(1);
    }
    List<AssetId> named = assets.stream().filter(a -> !scene.names(a).isEmpty()).toList();
    assertThat(scene.ledger.collector().collect(Duration.ZERO, 100))
        .hasSize(threads - 1)
        .doesNotContainAnyElementsOf(named);
  }
}

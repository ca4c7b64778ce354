package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.name;
import static dev.hfsm.tck.LedgerScene.ownName;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** How a name is taken away from an asset, and from no other. */
interface GuardedReleaseCases extends LedgerCases {

  @Test
  default void aNameIsTakenAwayFromTheAssetItPointsAtOnce() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.retain(asset, "hero");
    assertThat(release(asset, "hero")).isTrue();
    assertThat(scene.names(asset)).containsExactly(ownName(asset));
    assertThat(release(asset, "hero")).isFalse();
  }

  @Test
  default void aNameThatPointsElsewhereStaysWhereItIs() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetId other = asset("b");
    AssetId elsewhere = asset("tenant", "a");
    List.of(asset, other, elsewhere).forEach(scene::admit);
    scene.retain(asset, "hero");
    scene.retain(elsewhere, "theirs");
    List<Object> before = scene.everythingAbout(asset);
    assertThat(release(other, "hero")).isFalse();
    assertThat(release(elsewhere, "hero")).as("another scope").isFalse();
    assertThat(release(asset("absent"), "hero")).isFalse();
    assertThat(release(asset, "never heard of")).isFalse();
    assertThat(release(asset, "theirs")).as("another scope").isFalse();
    assertThat(scene.everythingAbout(asset)).isEqualTo(before);
    assertThat(scene.names(elsewhere)).contains("theirs");
  }

  @Test
  default void theLastNameTakenAwayStartsTheGrace() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Duration grace = Duration.ofHours(1);
    scene.admit(asset);
    scene.retain(asset, "hero");
    assertThat(release(asset, ownName(asset))).isTrue();
    assertThat(scene.ledger.collector().collect(Duration.ZERO, 10)).isEmpty();
    scene.elapse(grace);
    assertThat(release(asset, "hero")).isTrue();
    assertThat(scene.ledger.collector().collect(grace, 10)).isEmpty();
    scene.elapse(grace);
    assertThat(scene.ledger.collector().collect(grace, 10)).containsExactly(asset);
  }

  @Test
  default void aNameThatMovesAwayMeanwhileIsNotTakenAway() {
    LedgerScene scene = scene();
    AssetId old = asset("old");
    AssetId now = asset("new");
    scene.admit(old);
    scene.admit(now);
    for (int round = 0; round < 20; round++) {
      scene.retain(old, "hero");
      Together.run(
          List.<Callable<Boolean>>of(
              () -> scene.retain(now, "hero").isPresent(), () -> release(old, "hero")));
      assertThat(scene.names(now)).as("round %s", round).contains("hero");
      assertThat(scene.names(old)).as("round %s", round).containsExactly(ownName(old));
    }
  }

  @Test
  default void ofManyWhoTakeANameAwayAtOnceOneDid() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.retain(asset, "hero");
    assertThat(Together.run(8, i -> release(asset, "hero"))).containsOnlyOnce(true);
    assertThat(scene.names(asset)).containsExactly(ownName(asset));
  }

  private boolean release(AssetId from, String text) {
    ReferenceName name = name(text);
    return scene().ledger.intake().release(from, name);
  }
}

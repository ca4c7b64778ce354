package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.TRANSFORMER;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.variant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How variants are asked for. */
interface VariantRequestCases extends LedgerCases {

  @Test
  default void aVariantOfNoAssetCannotBeAskedFor() {
    LedgerScene scene = scene();
    AssetId absent = asset("absent");
    assertThatThrownBy(() -> scene.request(absent, "t")).isInstanceOf(AssetGoneException.class);
    assertThat(scene.ledger.reader().variants(absent)).isEmpty();
    assertThat(scene.ledger.operator().work(absent)).isEmpty();
  }

  @Test
  default void theFirstRequestCommitsTheRow() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    String odd = "cover:320x200,text='größer=大きい 😀'" + "x".repeat(2000);
    Instant before = scene.now();
    VariantRow row = scene.request(asset, odd);
    assertThat(row)
        .isEqualTo(
            new VariantRow(
                asset,
                variant(asset, odd),
                odd,
                TRANSFORMER,
                VariantState.REQUESTED,
                null,
                null,
                null,
                row.requestedAt()));
    scene.isNow(row.requestedAt(), before);
    assertThat(scene.row(asset, odd)).isEqualTo(row);
  }

  @Test
  default void theFirstRequestCommitsTheWorkToo() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    Instant before = scene.now();
    scene.request(asset, "t", 7);
    WorkRow work = scene.work(derive(asset, "t"));
    assertThat(work)
        .isEqualTo(new WorkRow(derive(asset, "t"), 7, work.due(), 0, null, null, null, false));
    scene.isNow(work.due(), before);
    assertThat(scene.claim(derive(asset, "t")).attempt()).isEqualTo(1);
  }

  @Test
  default void aVariantCanBeWantedBeforeTheAssetIsInspected() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    assertThat(scene.request(asset, "t").state()).isEqualTo(VariantState.REQUESTED);
    assertThat(scene.ledger.operator().work(asset)).hasSize(2);
  }

  @Test
  default void askingForWhatIsAlreadyAskedForChangesNothing() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    Claim claim = scene.requestAndClaim(asset, "t");
    List<Object> before = scene.everythingAbout(asset);
    assertThat(scene.request(asset, "t")).isEqualTo(scene.row(asset, "t"));
    assertThat(scene.everythingAbout(asset)).isEqualTo(before);
    scene.ledger.work().release(claim.lease());
  }

  @Test
  default void askingForWhatIsReadyChangesNothing() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.publish(asset, "t");
    List<Object> before = scene.everythingAbout(asset);
    assertThat(scene.request(asset, "t").state()).isEqualTo(VariantState.READY);
    assertThat(scene.everythingAbout(asset)).isEqualTo(before);
  }

  @Test
  default void aFailedVariantIsNotTriedAgainBeforeItsTime() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.request(asset, "t");
    scene.bury(derive(asset, "t"));
    scene.elapse(WorkLedger.FAILURE_MEMORY.minusMinutes(1));
    assertThat(scene.request(asset, "t").state()).isEqualTo(VariantState.FAILED);
    assertThat(scene.work(derive(asset, "t")).dead()).isTrue();
  }

  @Test
  default void aFailedVariantIsTriedAfreshOnceItsTimeHasCome() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.request(asset, "t");
    scene.bury(derive(asset, "t"));
    scene.elapse(WorkLedger.FAILURE_MEMORY);
    VariantRow row = scene.request(asset, "t", 3);
    assertThat(row.state()).isEqualTo(VariantState.REQUESTED);
    assertThat(row).isEqualTo(scene.row(asset, "t"));
    assertThat(row.requestedAt()).isBeforeOrEqualTo(scene.now().minus(WorkLedger.FAILURE_MEMORY));
    WorkRow work = scene.work(derive(asset, "t"));
    assertThat(work.dead()).isFalse();
    assertThat(work.attempts()).isZero();
    assertThat(work.priority()).isEqualTo(3);
    assertThat(scene.claim(derive(asset, "t")).attempt()).isEqualTo(1);
  }

  @Test
  default void anEvictedVariantCanBeAskedForAgain() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.publish(asset, "t");
    scene.evict(asset, "t");
    assertThat(scene.ledger.reader().variant(asset, variant(asset, "t"))).isEmpty();
    assertThat(scene.request(asset, "t").state()).isEqualTo(VariantState.REQUESTED);
    assertThat(scene.claim(derive(asset, "t")).attempt()).isEqualTo(1);
  }

  @Test
  default void variantsAreListedInOrderOfKeyAndOnlyTheAssetsOwn() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetId other = asset("b");
    AssetId elsewhere = asset("tenant", "a");
    Stream.of(asset, other, elsewhere).forEach(scene::describe);
    List<String> transformations = List.of("t1", "t2", "t3", "t4", "t5", "t6");
    transformations.stream()
        .sorted((a, b) -> variant(asset, b).compareTo(variant(asset, a)))
        .forEach(t -> scene.request(asset, t));
    scene.request(other, "t1");
    scene.request(elsewhere, "t1");
    assertThat(scene.ledger.reader().variants(asset))
        .extracting(VariantRow::key)
        .containsExactlyElementsOf(
            transformations.stream().map(t -> variant(asset, t)).sorted().toList());
    assertThat(scene.ledger.reader().variants(other)).hasSize(1);
    assertThat(scene.ledger.reader().variant(other, variant(asset, "t1"))).isEmpty();
  }

  @Test
  default void manyRequestsAtOnceOweTheVariantOnce() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    assertThat(Together.run(16, i -> scene.request(asset, "t")))
        .extracting(VariantRow::state)
        .containsOnly(VariantState.REQUESTED);
    assertThat(scene.ledger.reader().variants(asset)).hasSize(1);
    assertThat(scene.claimUpTo(10)).hasSize(1);
  }

  @Test
  default void aBuriedVariantTellsWhyAndUntilWhen() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    Claim claim = scene.requestAndClaim(asset, "t");
    List<?> history = scene.ledger.reader().history(asset);
    Instant before = scene.now();
    scene.ledger.work().bury(claim.lease(), LedgerScene.failure("out-of-memory"));
    VariantRow row = scene.row(asset, "t");
    assertThat(row.state()).isEqualTo(VariantState.FAILED);
    assertThat(row.failure()).isEqualTo(LedgerScene.failure("out-of-memory"));
    Instant retryAfter = row.retryAfter();
    assertThat(retryAfter).isNotNull();
    scene.isIn(retryAfter, before, Duration.ofMinutes(10));
    assertThat(scene.work(derive(asset, "t")).dead()).isTrue();
    assertThat(scene.work(derive(asset, "t")).failure())
        .isEqualTo(LedgerScene.failure("out-of-memory"));
    assertThat(scene.ledger.reader().history(asset)).isEqualTo(history);
  }
}

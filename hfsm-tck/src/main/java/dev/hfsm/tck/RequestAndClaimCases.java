package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.LEASE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Requested;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Asking for variants and being granted their making at once. */
interface RequestAndClaimCases extends LedgerCases {

  private VariantRequest wanted(AssetId asset, String transformation, Duration delay) {
    return new VariantRequest(
        asset,
        LedgerScene.variant(asset, transformation),
        transformation,
        LedgerScene.TRANSFORMER,
        3,
        delay);
  }

  private List<Requested> ask(String worker, AssetId asset, String... transformations) {
    List<VariantRequest> requests =
        List.of(transformations).stream().map(t -> wanted(asset, t, Duration.ZERO)).toList();
    return scene().ledger.work().requestAndClaim(requests, worker, LEASE);
  }

  private static Claim granted(Requested answer) {
    Claim claim = answer.claim();
    assertThat(claim).as("a claim on %s", answer.row()).isNotNull();
    return claim;
  }

  @Test
  default void askingForAVariantCanBringTheClaimOnIt() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    Instant before = scene.now();
    List<Requested> answers = ask("at hand", asset, "t");
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).row()).isEqualTo(scene.row(asset, "t"));
    assertThat(answers.get(0).row().state()).isEqualTo(VariantState.REQUESTED);
    Claim claim = granted(answers.get(0));
    assertThat(claim.lease().subject()).isEqualTo(derive(asset, "t"));
    assertThat(claim.lease().worker()).isEqualTo("at hand");
    assertThat(claim.attempt()).isEqualTo(1);
    assertThat(claim.asset()).isEqualTo(scene.row(asset));
    assertThat(claim.variant()).isEqualTo(scene.row(asset, "t"));
    scene.isNow(claim.now(), before);
    WorkRow work = scene.work(derive(asset, "t"));
    assertThat(work.worker()).isEqualTo("at hand");
    assertThat(work.attempts()).isEqualTo(1);
    assertThat(work.priority()).isEqualTo(3);
    Instant until = work.leasedUntil();
    assertThat(until).isNotNull();
    scene.isIn(until, before, LEASE);
  }

  @Test
  default void whatWasGrantedWithTheRequestCanBePublished() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    Claim claim = granted(ask("at hand", asset, "t").get(0));
    assertThat(scene.ledger.work().publish(claim.lease(), scene.content(asset, "t")).outcome())
        .isEqualTo(Published.Outcome.PUBLISHED);
    assertThat(scene.row(asset, "t").state()).isEqualTo(VariantState.READY);
  }

  @Test
  default void variantsAskedForTogetherAreAnsweredInTheirOrder() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    List<Requested> answers = ask("at hand", asset, "c", "a", "b");
    assertThat(answers).extracting(r -> r.row().transformation()).containsExactly("c", "a", "b");
    assertThat(answers)
        .extracting(r -> granted(r).lease().subject())
        .containsExactly(derive(asset, "c"), derive(asset, "a"), derive(asset, "b"));
  }

  @Test
  default void whatIsOwedAlreadyIsGrantedToo() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.request(asset, "t");
    assertThat(granted(ask("at hand", asset, "t").get(0)).attempt()).isEqualTo(1);
  }

  @Test
  default void whatAnotherHoldsIsAskedForAndNotGranted() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    Claim first = granted(ask("first", asset, "t").get(0));
    Requested second = ask("second", asset, "t").get(0);
    assertThat(second.row()).isEqualTo(scene.row(asset, "t"));
    assertThat(second.claim()).isNull();
    assertThat(scene.work(derive(asset, "t")).worker()).isEqualTo("first");
    scene.ledger.work().renew(first.lease(), LEASE);
  }

  @Test
  default void whatIsThereIsAnsweredAndNotMadeAgain() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.publish(asset, "t");
    Requested answer = ask("at hand", asset, "t").get(0);
    assertThat(answer.row()).isEqualTo(scene.row(asset, "t"));
    assertThat(answer.row().state()).isEqualTo(VariantState.READY);
    assertThat(answer.claim()).isNull();
    assertThat(scene.ledger.operator().work(asset)).isEmpty();
  }

  @Test
  default void whatIsPausedIsAskedForAndNotGranted() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.ledger.operator().pause(WorkKind.DERIVE);
    Requested answer = ask("at hand", asset, "t").get(0);
    assertThat(answer.row().state()).isEqualTo(VariantState.REQUESTED);
    assertThat(answer.claim()).isNull();
    assertThat(scene.work(derive(asset, "t")).worker()).isNull();
  }

  @Test
  default void aSuspectIsNotGrantedToWhoeverAsksForIt() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    ask("killed", asset, "t");
    scene.elapse(LEASE.multipliedBy(2));
    scene.ledger.work().reap(10, 100);
    assertThat(ask("at hand", asset, "t").get(0).claim()).isNull();
    assertThat(scene.tryClaim(derive(asset, "t"))).hasSize(1);
  }

  @Test
  default void whatIsAskedForLaterIsNotGrantedNow() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    Instant before = scene.now();
    List<VariantRequest> later = List.of(wanted(asset, "t", LEASE));
    Requested answer = scene.ledger.work().requestAndClaim(later, "at hand", LEASE).get(0);
    assertThat(answer.claim()).isNull();
    scene.isIn(scene.work(derive(asset, "t")).due(), before, LEASE);
  }

  @Test
  default void nothingIsGrantedOnAnAssetThatIsNotThere() {
    assertThatThrownBy(() -> ask("at hand", asset("nowhere"), "t"))
        .isInstanceOf(AssetGoneException.class);
  }

  @Test
  default void onlyVariantsOfOneAssetEachOnceCanBeAskedForAndClaimed() {
    LedgerScene scene = scene();
    AssetId one = asset("a");
    AssetId other = asset("b");
    scene.describe(one);
    scene.describe(other);
    List<Object> before = scene.everythingAbout(one);
    VariantRequest first = wanted(one, "t", Duration.ZERO);
    for (List<VariantRequest> wrong :
        List.of(
            List.<VariantRequest>of(),
            List.of(first, first),
            List.of(first, wanted(other, "t", Duration.ZERO)))) {
      assertThatThrownBy(() -> scene.ledger.work().requestAndClaim(wrong, "at hand", LEASE))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(scene.everythingAbout(one)).isEqualTo(before);
  }
}

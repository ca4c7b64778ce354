package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.ALL_KINDS;
import static dev.hfsm.tck.LedgerScene.LEASE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How work is granted. */
interface ClaimCases extends LedgerCases {

  @Test
  default void aClaimBringsAllThatAnInspectionNeeds() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    Instant before = scene.now();
    List<Claim> claims =
        scene.ledger.work().claim(ClaimRequest.due("inspector-1", ALL_KINDS, 5, LEASE));
    assertThat(claims).hasSize(1);
    Claim claim = claims.get(0);
    assertThat(claim.lease().subject()).isEqualTo(Subject.inspect(asset));
    assertThat(claim.lease().worker()).isEqualTo("inspector-1");
    assertThat(claim.attempt()).isEqualTo(1);
    assertThat(claim.asset()).isEqualTo(scene.row(asset));
    assertThat(claim.variant()).isNull();
    scene.isNow(claim.now(), before);
  }

  @Test
  default void aClaimBringsAllThatAVariantNeeds() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    Claim claim = scene.requestAndClaim(asset, "t");
    assertThat(claim.lease().subject()).isEqualTo(derive(asset, "t"));
    assertThat(claim.asset()).isEqualTo(scene.row(asset));
    assertThat(claim.variant()).isEqualTo(scene.row(asset, "t"));
  }

  @Test
  default void claimedWorkShowsItsHolderAndItsEnd() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Instant before = scene.now();
    scene.admitAndClaim(asset);
    WorkRow work = scene.work(Subject.inspect(asset));
    assertThat(work.worker()).isEqualTo("worker");
    Instant until = work.leasedUntil();
    assertThat(until).isNotNull();
    scene.isIn(until, before, LEASE);
  }

  @Test
  default void whatIsLeasedIsGrantedToNobodyElse() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admitAndClaim(asset);
    assertThat(scene.tryClaim(Subject.inspect(asset))).isEmpty();
    assertThat(scene.claimUpTo(10)).isEmpty();
  }

  @Test
  default void onlyTheKindsAskedForAreGranted() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.request(asset, "t");
    WorkLedger work = scene.ledger.work();
    for (WorkKind kind : WorkKind.values()) {
      assertThat(work.claim(ClaimRequest.due("w", EnumSet.of(kind), 10, LEASE)))
          .extracting(c -> c.lease().subject().kind())
          .containsExactly(kind);
    }
  }

  @Test
  default void onlyTheSubjectsAskedForAreGrantedAndOnlyIfDue() {
    LedgerScene scene = scene();
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(4);
    assets.forEach(scene::admit);
    Subject wanted = Subject.inspect(assets.get(0));
    Subject delayed = Subject.inspect(assets.get(1));
    Subject leased = Subject.inspect(assets.get(2));
    scene.ledger.work().retry(scene.claim(delayed).lease(), failure("busy"), LEASE);
    scene.claim(leased);
    assertThat(scene.tryClaim(wanted, delayed, leased, Subject.inspect(asset("unknown"))))
        .extracting(c -> c.lease().subject())
        .containsExactly(wanted);
  }

  @Test
  default void noMoreIsGrantedThanAskedFor() {
    LedgerScene scene = scene();
    LedgerScene.assetsAgainstTheirOrder(5).forEach(scene::admit);
    assertThat(scene.claimUpTo(2)).hasSize(2);
    assertThat(scene.claimUpTo(10)).hasSize(3);
    assertThat(scene.claimUpTo(10)).isEmpty();
  }

  @Test
  default void higherPriorityIsGrantedFirst() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.request(asset, "low", -5);
    scene.request(asset, "high", 100);
    scene.request(asset, "middle", 20);
    for (String next : List.of("high", "middle", "low")) {
      assertThat(scene.claimUpTo(1))
          .extracting(c -> c.lease().subject())
          .containsExactly(derive(asset, next));
    }
  }

  @Test
  default void amongEqualPrioritiesTheLongestDueIsGrantedFirst() {
    LedgerScene scene = scene();
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(4);
    for (AssetId asset : assets) {
      scene.admit(asset);
      scene.elapse(Duration.ofSeconds(1));
    }
    for (AssetId next : assets) {
      assertThat(scene.claimUpTo(1)).extracting(c -> c.asset().id()).containsExactly(next);
    }
  }

  @Test
  default void aLargeBatchIsGrantedInOrderOfPriorityAndThenOfTime() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    List<WorkRow> inOrderOfTime = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      scene.request(asset, "t" + i, i % 3);
      inOrderOfTime.add(scene.work(derive(asset, "t" + i)));
      scene.elapse(Duration.ofMillis(i % 4 == 0 ? 1000 : 2000));
    }
    List<Subject> expected =
        inOrderOfTime.stream()
            .sorted(Comparator.comparingInt(WorkRow::priority).reversed())
            .map(WorkRow::subject)
            .toList();
    assertThat(scene.claimUpTo(45))
        .extracting(c -> c.lease().subject())
        .containsExactlyElementsOf(expected.subList(0, 45));
    assertThat(scene.claimUpTo(45))
        .extracting(c -> c.lease().subject())
        .containsExactlyElementsOf(expected.subList(45, 60));
  }

  @Test
  default void anAttemptCountsFromTheGrant() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admitAndClaim(asset);
    assertThat(scene.work(Subject.inspect(asset)).attempts()).isEqualTo(1);
  }

  @Test
  default void anAttemptCountsEvenIfTheWorkerVanishes() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(scene.claim(Subject.inspect(asset)).attempt()).isEqualTo(attempt);
      scene.elapse(LEASE);
      scene.ledger.work().reap(10, 100);
      assertThat(scene.work(Subject.inspect(asset)).attempts()).isEqualTo(attempt);
    }
  }

  @Test
  default void workWhoseLeaseRanOutWaitsForAReaping() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admitAndClaim(asset);
    scene.elapse(LEASE.multipliedBy(2));
    assertThat(scene.tryClaim(Subject.inspect(asset)))
        .as("without a reaping nobody looks whether this was the last attempt")
        .isEmpty();
    scene.ledger.work().reap(10, 100);
    assertThat(scene.tryClaim(Subject.inspect(asset))).hasSize(1);
  }

  @Test
  default void deadWorkIsNotGranted() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.bury(Subject.inspect(asset));
    scene.elapse(Duration.ofDays(1));
    assertThat(scene.tryClaim(Subject.inspect(asset))).isEmpty();
    assertThat(scene.claimUpTo(10)).isEmpty();
  }

  @Test
  default void fencesGrow() {
    LedgerScene scene = scene();
    List<AssetId> assets = LedgerScene.assetsAgainstTheirOrder(3);
    assets.forEach(scene::admit);
    long highest = Long.MIN_VALUE;
    for (int round = 0; round < 3; round++) {
      for (AssetId asset : assets) {
        Claim claim = scene.claim(Subject.inspect(asset));
        assertThat(claim.lease().fence()).isGreaterThan(highest);
        highest = claim.lease().fence();
        scene.ledger.work().release(claim.lease());
      }
    }
    assertThat(scene.claimUpTo(10)).extracting(c -> c.lease().fence()).doesNotHaveDuplicates();
  }

  @Test
  default void claimsAtOnceShareNothingAndLeaveNothing() {
    LedgerScene scene = scene();
    int works = 40;
    LedgerScene.assetsAgainstTheirOrder(works).forEach(scene::admit);
    List<List<Subject>> granted =
        Together.run(
            8,
            i -> {
              List<Subject> mine = new ArrayList<>();
              List<Claim> claims;
              do {
                claims =
                    scene.ledger.work().claim(ClaimRequest.due("worker-" + i, ALL_KINDS, 3, LEASE));
                claims.forEach(c -> mine.add(c.lease().subject()));
              } while (!claims.isEmpty() && mine.size() <= works);
              return mine;
            });
    assertThat(granted.stream().flatMap(List::stream).toList()).doesNotHaveDuplicates();
    long later = scene.claimUpTo(works).size();
    assertThat(granted.stream().mapToLong(List::size).sum() + later).isEqualTo(works);
  }
}

package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.LEASE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How leases are kept, given back, and taken away. */
interface LeaseCases extends LedgerCases {

  Subject LEASED = Subject.inspect(asset("leased"));

  @Test
  default void aLeaseIsHeldUntilItsEnd() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(LEASED.asset());
    scene.elapse(LEASE.minusSeconds(20));
    scene.ledger.work().renew(claim.lease(), LEASE);
  }

  @Test
  default void renewingExtendsALeaseFromNow() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(LEASED.asset());
    scene.elapse(LEASE.minusSeconds(20));
    Instant before = scene.now();
    scene.ledger.work().renew(claim.lease(), LEASE);
    Instant until = scene.work(LEASED).leasedUntil();
    assertThat(until).isNotNull();
    scene.isIn(until, before, LEASE);
    scene.elapse(LEASE.minusSeconds(20));
    scene.ledger.work().release(claim.lease());
  }

  @Test
  default void aRenewedLeaseRunsOutToo() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(LEASED.asset());
    scene.ledger.work().renew(claim.lease(), LEASE.multipliedBy(2));
    scene.elapse(LEASE.multipliedBy(2));
    assertThatThrownBy(() -> scene.ledger.work().renew(claim.lease(), LEASE))
        .isInstanceOf(LeaseLostException.class);
  }

  @Test
  default void renewingIsNoNewAttempt() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(LEASED.asset());
    scene.ledger.work().renew(claim.lease(), LEASE);
    WorkRow work = scene.work(LEASED);
    assertThat(work.attempts()).isEqualTo(1);
    assertThat(work.worker()).isEqualTo("worker");
  }

  @Test
  default void releasedWorkIsDueAtOnceAndItsAttemptDoesNotCount() {
    LedgerScene scene = scene();
    AssetId asset = LEASED.asset();
    scene.admit(asset);
    WorkRow untouched = scene.work(LEASED);
    scene.ledger.work().release(scene.claim(LEASED).lease());
    assertThat(scene.work(LEASED)).isEqualTo(untouched);
    assertThat(scene.claim(LEASED).attempt()).isEqualTo(1);
    assertThat(scene.events(asset)).containsExactly(AssetEvent.ADMITTED);
  }

  @Test
  default void aRetryGivesWorkBackWithTheReason() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(LEASED.asset());
    Instant before = scene.now();
    scene.ledger.work().retry(claim.lease(), failure("busy"), Duration.ofSeconds(90));
    WorkRow work = scene.work(LEASED);
    assertThat(work)
        .isEqualTo(new WorkRow(LEASED, 0, work.due(), 1, null, null, failure("busy"), false));
    scene.isIn(work.due(), before, Duration.ofSeconds(90));
    assertThat(scene.row(LEASED.asset()).state()).isEqualTo(AssetState.INGESTED);
  }

  @Test
  default void aRetryIsNotGrantedBeforeItsDelay() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(LEASED.asset());
    scene.ledger.work().retry(claim.lease(), failure("busy"), Duration.ofHours(1));
    assertThat(scene.tryClaim(LEASED)).isEmpty();
    scene.elapse(Duration.ofMinutes(59));
    assertThat(scene.claimUpTo(10)).isEmpty();
    scene.elapse(Duration.ofMinutes(1));
    assertThat(scene.claim(LEASED).attempt()).isEqualTo(2);
  }

  @Test
  default void aRetryWithoutDelayIsDueAtOnce() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    Claim claim = scene.requestAndClaim(asset, "t");
    scene.ledger.work().retry(claim.lease(), failure("busy"), Duration.ZERO);
    assertThat(scene.row(asset, "t").state()).isEqualTo(VariantState.REQUESTED);
    assertThat(scene.claim(derive(asset, "t")).attempt()).isEqualTo(2);
  }

  @Test
  default void reapingLeavesLeasesAloneThatAreHeld() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(LEASED.asset());
    scene.elapse(LEASE.minusSeconds(20));
    assertThat(scene.ledger.work().reap(10, 1)).isEqualTo(new Reaped(List.of(), List.of()));
    scene.ledger.work().release(claim.lease());
  }

  @Test
  default void reapingFreesWorkWhoseLeaseRanOut() {
    LedgerScene scene = scene();
    scene.admitAndClaim(LEASED.asset());
    scene.elapse(LEASE);
    Reaped reaped = scene.ledger.work().reap(10, 2);
    assertThat(reaped).isEqualTo(new Reaped(List.of(LEASED), List.of()));
    WorkRow work = scene.work(LEASED);
    assertThat(work.worker()).isNull();
    assertThat(work.leasedUntil()).isNull();
    assertThat(work.dead()).isFalse();
    assertThat(scene.row(LEASED.asset()).state()).isEqualTo(AssetState.INGESTED);
    assertThat(scene.claim(LEASED).attempt()).isEqualTo(2);
  }

  @Test
  default void reapingTheSameTwiceDoesNothing() {
    LedgerScene scene = scene();
    scene.admitAndClaim(LEASED.asset());
    scene.elapse(LEASE);
    scene.ledger.work().reap(10, 2);
    assertThat(scene.ledger.work().reap(10, 1)).isEqualTo(new Reaped(List.of(), List.of()));
  }

  @Test
  default void reapingGivesAnInspectionUpAfterItsLastAttempt() {
    LedgerScene scene = scene();
    AssetId asset = LEASED.asset();
    scene.admit(asset);
    WorkLedger work = scene.ledger.work();
    work.retry(scene.claim(LEASED).lease(), failure("busy"), Duration.ZERO);
    scene.claim(LEASED);
    scene.elapse(LEASE);
    Instant before = scene.now();
    assertThat(work.reap(10, 2)).isEqualTo(new Reaped(List.of(), List.of(LEASED)));
    WorkRow dead = scene.work(LEASED);
    assertThat(dead.dead()).isTrue();
    assertThat(dead.worker()).isNull();
    assertThat(dead.failure()).isNotNull().isNotEqualTo(failure("busy"));
    assertThat(scene.row(asset).state()).isEqualTo(AssetState.FAILED);
    HistoryEntry entry = scene.lastEntry(asset);
    assertThat(entry.event()).isEqualTo(AssetEvent.EXHAUSTED);
    assertThat(entry.attempt()).isEqualTo(2);
    assertThat(entry.worker()).isEqualTo("worker");
    assertThat(entry.detail()).isNotBlank();
    scene.isNow(entry.at(), before);
  }

  @Test
  default void reapingGivesAVariantUpAfterItsLastAttempt() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.describe(asset);
    scene.requestAndClaim(asset, "t");
    scene.elapse(LEASE);
    Instant before = scene.now();
    assertThat(scene.ledger.work().reap(10, 1).buried()).containsExactly(derive(asset, "t"));
    VariantRow row = scene.row(asset, "t");
    assertThat(row.state()).isEqualTo(VariantState.FAILED);
    Instant retryAfter = row.retryAfter();
    assertThat(retryAfter).isNotNull();
    scene.isIn(retryAfter, before, WorkLedger.FAILURE_MEMORY);
    assertThat(scene.work(derive(asset, "t")).dead()).isTrue();
    assertThat(scene.row(asset).state()).isEqualTo(AssetState.METADATA_READY);
  }

  @Test
  default void reapingHandlesNoMoreThanAskedFor() {
    LedgerScene scene = scene();
    LedgerScene.assetsAgainstTheirOrder(3).forEach(scene::admit);
    scene.claimUpTo(3);
    scene.elapse(LEASE);
    assertThat(scene.ledger.work().reap(2, 100).freed()).hasSize(2);
    assertThat(scene.ledger.work().reap(2, 100).freed()).hasSize(1);
    assertThat(scene.ledger.work().reap(2, 100).freed()).isEmpty();
  }

  @Test
  default void reapingsAtOnceHandleEachLeaseOnce() {
    LedgerScene scene = scene();
    LedgerScene.assetsAgainstTheirOrder(20).forEach(scene::admit);
    scene.claimUpTo(20);
    scene.elapse(LEASE);
    List<Subject> freed =
        Together.run(4, i -> scene.ledger.work().reap(20, 100)).stream()
            .flatMap(reaped -> Stream.concat(reaped.freed().stream(), reaped.buried().stream()))
            .toList();
    assertThat(freed).doesNotHaveDuplicates();
    assertThat(freed.size() + scene.ledger.work().reap(20, 100).freed().size()).isEqualTo(20);
  }
}

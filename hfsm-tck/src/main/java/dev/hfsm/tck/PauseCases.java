package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.LEASE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.failure;
import static dev.hfsm.tck.LedgerScene.scan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a kind of work is stopped and started again, for all nodes. */
interface PauseCases extends LedgerCases {

  AssetId PAUSED = asset("paused");
  Subject PAUSED_INSPECTION = Subject.inspect(PAUSED);
  Subject PAUSED_MAKING = derive(PAUSED, "t");

  @Test
  default void aPausedKindIsNotGrantedAndOthersAre() {
    LedgerScene scene = scene();
    scene.admit(PAUSED);
    scene.request(PAUSED, "t");
    operator().pause(WorkKind.INSPECT);
    scene.admit(asset("admitted later"));
    assertThat(scene.claimUpTo(10))
        .extracting(c -> c.lease().subject())
        .containsExactly(PAUSED_MAKING);
  }

  @Test
  default void aPausedKindIsNotGrantedToWhoAsksForItBySubject() {
    LedgerScene scene = scene();
    scene.admit(PAUSED);
    scene.request(PAUSED, "t");
    operator().pause(WorkKind.DERIVE);
    assertThat(scene.tryClaim(PAUSED_MAKING)).isEmpty();
    assertThat(scene.tryClaim(PAUSED_MAKING, PAUSED_INSPECTION))
        .extracting(c -> c.lease().subject())
        .containsExactly(PAUSED_INSPECTION);
  }

  @Test
  default void aPausedKindIsNotListedAsDue() {
    LedgerScene scene = scene();
    scene.admit(PAUSED);
    scene.request(PAUSED, "t");
    assertThat(due()).containsExactlyInAnyOrder(PAUSED_INSPECTION, PAUSED_MAKING);
    operator().pause(WorkKind.INSPECT);
    assertThat(due()).containsExactly(PAUSED_MAKING);
    operator().pause(WorkKind.DERIVE);
    assertThat(due()).isEmpty();
  }

  @Test
  default void workGoesOnAfterAPause() {
    LedgerScene scene = scene();
    scene.admit(PAUSED);
    operator().pause(WorkKind.INSPECT);
    operator().resume(WorkKind.INSPECT);
    assertThat(due()).containsExactly(PAUSED_INSPECTION);
    assertThat(scene.claim(PAUSED_INSPECTION).attempt()).isEqualTo(1);
  }

  @Test
  default void pausingTwiceIsPausingOnce() {
    LedgerScene scene = scene();
    scene.admit(PAUSED);
    operator().pause(WorkKind.INSPECT);
    operator().pause(WorkKind.INSPECT);
    assertThat(scene.claimUpTo(10)).isEmpty();
    operator().resume(WorkKind.INSPECT);
    assertThat(scene.claimUpTo(10)).hasSize(1);
    operator().resume(WorkKind.INSPECT);
    operator().resume(WorkKind.DERIVE);
  }

  @Test
  default void whatIsPausedIsTold() {
    assertThat(operator().paused()).isEmpty();
    operator().pause(WorkKind.DERIVE);
    assertThat(operator().paused()).containsExactly(WorkKind.DERIVE);
    operator().pause(WorkKind.INSPECT);
    assertThat(operator().paused()).containsExactlyInAnyOrder(WorkKind.values());
    operator().resume(WorkKind.DERIVE);
    assertThat(operator().paused()).containsExactly(WorkKind.INSPECT);
  }

  @Test
  default void whatIsLeasedGoesOnWhenItsKindIsPaused() {
    LedgerScene scene = scene();
    Claim inspection = scene.admitAndClaim(PAUSED);
    Claim making = scene.requestAndClaim(PAUSED, "t");
    operator().pause(WorkKind.INSPECT);
    operator().pause(WorkKind.DERIVE);
    WorkLedger work = scene.ledger.work();
    work.renew(inspection.lease(), LEASE);
    work.advance(inspection.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    assertThat(work.publish(making.lease(), scene.content(PAUSED, "t")).outcome())
        .isEqualTo(Published.Outcome.PUBLISHED);
    work.retry(inspection.lease(), failure("busy"), Duration.ZERO);
    assertThat(scene.claimUpTo(10)).isEmpty();
  }

  @Test
  default void leasesThatRunOutAreReapedDuringAPause() {
    LedgerScene scene = scene();
    scene.admitAndClaim(PAUSED);
    operator().pause(WorkKind.INSPECT);
    scene.elapse(LEASE);
    assertThat(scene.ledger.work().reap(10, 100).freed()).containsExactly(PAUSED_INSPECTION);
    assertThat(scene.claimUpTo(10)).isEmpty();
  }

  private List<Subject> due() {
    return scan(after -> operator().due(after, 10)).stream().map(Hint::subject).toList();
  }

  private OperatorLedger operator() {
    return scene().ledger.operator();
  }
}

package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.LEASE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a lease is worth when it is no longer held: nothing, in every method. */
interface LostLeaseCases extends LedgerCases {

  AssetId HELD = asset("held");
  Subject INSPECTION = Subject.inspect(HELD);
  Subject MAKING = derive(HELD, "t");

  @Test
  default void anExpiredLeaseIsLostEvenIfNobodyElseClaimed() {
    Lease inspection = inspection();
    Lease making = making();
    scene().elapse(LEASE);
    inspectionIsLost(inspection);
    makingIsLost(making);
  }

  @Test
  default void aLeaseThatWasReapedIsLost() {
    Lease inspection = inspection();
    Lease making = making();
    scene().elapse(LEASE);
    scene().ledger.work().reap(10, 100);
    inspectionIsLost(inspection);
    makingIsLost(making);
  }

  @Test
  default void aLeaseOnWhatIsGrantedToAnotherIsLost() {
    Lease inspection = inspection();
    Lease making = making();
    scene().elapse(LEASE);
    scene().ledger.work().reap(10, 100);
    scene().claim(INSPECTION);
    scene().claim(MAKING);
    inspectionIsLost(inspection);
    makingIsLost(making);
  }

  @Test
  default void aLeaseThatWasGivenBackIsLostEvenIfItsWorkerClaimsAgain() {
    Lease inspection = inspection();
    Lease making = making();
    scene().ledger.work().release(inspection);
    scene().ledger.work().release(making);
    inspectionIsLost(inspection);
    makingIsLost(making);
    scene().claim(INSPECTION);
    scene().claim(MAKING);
    inspectionIsLost(inspection);
    makingIsLost(making);
  }

  @Test
  default void aLeaseThatEndedInARetryIsLost() {
    Lease inspection = inspection();
    Lease making = making();
    scene().ledger.work().retry(inspection, failure("busy"), Duration.ZERO);
    scene().ledger.work().retry(making, failure("busy"), Duration.ZERO);
    inspectionIsLost(inspection);
    makingIsLost(making);
  }

  @Test
  default void aLeaseOnDeadWorkIsLost() {
    Lease inspection = inspection();
    Lease making = making();
    scene().ledger.work().bury(inspection, failure("hopeless"));
    scene().ledger.work().bury(making, failure("hopeless"));
    inspectionIsLost(inspection);
    makingIsLost(making);
  }

  @Test
  default void aLeaseOfTheTimeBeforeARedriveIsLost() {
    Lease inspection = inspection();
    Lease making = making();
    scene().ledger.work().bury(inspection, failure("hopeless"));
    scene().ledger.work().bury(making, failure("hopeless"));
    scene().ledger.operator().redrive(INSPECTION);
    scene().ledger.operator().redrive(MAKING);
    scene().claim(INSPECTION);
    scene().claim(MAKING);
    inspectionIsLost(inspection);
    makingIsLost(making);
  }

  @Test
  default void aLeaseOnWhatIsDoneIsLostEvenIfItIsOwedAnew() {
    LedgerScene scene = scene();
    Lease inspection = inspection();
    scene.ledger.work().advance(inspection, AssetEvent.REFUSED, Facts.NONE);
    inspectionIsLost(inspection);
    scene.ledger.operator().redrive(INSPECTION);
    scene.claim(INSPECTION);
    inspectionIsLost(inspection);
    Lease making = making();
    VariantContent content = scene.content(HELD, "t");
    scene.ledger.work().publish(making, content);
    makingIsLost(making);
    scene.evict(HELD, "t");
    scene.request(HELD, "t");
    scene.claim(MAKING);
    makingIsLost(making);
  }

  @Test
  default void aLeaseOnACollectedAssetIsLost() {
    LedgerScene scene = scene();
    Lease inspection = inspection();
    Lease making = making();
    scene.release(HELD);
    assertThat(scene.ledger.collector().collect(Duration.ZERO, 10)).containsExactly(HELD);
    inspectionIsLost(inspection);
    makingIsLost(making);
    scene.admit(HELD);
    scene.claim(INSPECTION);
    scene.request(HELD, "t");
    scene.claim(MAKING);
    inspectionIsLost(inspection);
    makingIsLost(making);
  }

  @Test
  default void aLeaseThatWasNeverGrantedIsLost() {
    Lease inspection = inspection();
    Lease making = making();
    long unused = Math.max(inspection.fence(), making.fence()) + 1000;
    inspectionIsLost(new Lease(INSPECTION, inspection.worker(), unused));
    makingIsLost(new Lease(MAKING, making.worker(), unused));
    inspectionIsLost(new Lease(INSPECTION, making.worker(), making.fence()));
  }

  private Lease inspection() {
    return scene().admitAndClaim(HELD).lease();
  }

  private Lease making() {
    return scene().requestAndClaim(HELD, "t").lease();
  }

  private void inspectionIsLost(Lease lease) {
    WorkLedger work = scene().ledger.work();
    Facts facts = Facts.parse("learned=too late");
    isLost("advance", () -> work.advance(lease, AssetEvent.FINGERPRINTED, facts));
    isLostForEveryKind(lease);
  }

  private void makingIsLost(Lease lease) {
    VariantContent content = scene().content(HELD, "t");
    isLost("publish", () -> scene().ledger.work().publish(lease, content));
    isLostForEveryKind(lease);
  }

  private void isLostForEveryKind(Lease lease) {
    WorkLedger work = scene().ledger.work();
    isLost("renew", () -> work.renew(lease, LEASE.multipliedBy(3)));
    isLost("retry", () -> work.retry(lease, failure("late"), LEASE));
    isLost("bury", () -> work.bury(lease, failure("late")));
    isLost("release", () -> work.release(lease));
  }

  private void isLost(String method, ThrowingCallable call) {
    List<Object> before = scene().everythingAbout(HELD);
    assertThatThrownBy(call).as(method).isInstanceOf(LeaseLostException.class);
    assertThat(scene().everythingAbout(HELD)).as("after %s", method).isEqualTo(before);
  }
}

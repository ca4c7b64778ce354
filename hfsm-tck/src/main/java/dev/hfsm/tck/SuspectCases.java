package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.ALL_KINDS;
import static dev.hfsm.tck.LedgerScene.LEASE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.ClaimRequest.Suspects;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How work is told apart that may have killed its worker. */
interface SuspectCases extends LedgerCases {

  AssetId ASSET = asset("suspected");
  Subject SUSPECT = Subject.inspect(ASSET);
  Subject INNOCENT = Subject.inspect(asset("innocent"));

  @Test
  default void workThatLostItsWorkerIsGrantedAsItIsAskedFor() {
    suspect();
    scene().admit(INNOCENT.asset());
    assertThat(due(Suspects.EXCLUDED)).containsExactly(INNOCENT);
    assertThat(due(Suspects.ONLY)).containsExactly(SUSPECT);
    scene().elapse(LEASE);
    scene().ledger.work().reap(10, 100);
    assertThat(due(Suspects.INCLUDED)).containsExactlyInAnyOrder(SUSPECT, INNOCENT);
  }

  @Test
  default void workIsNoSuspectForHavingFailedOtherwise() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(ASSET);
    scene.ledger.work().retry(claim.lease(), failure("busy"), Duration.ZERO);
    assertThat(due(Suspects.ONLY)).isEmpty();
    assertThat(due(Suspects.EXCLUDED)).containsExactly(SUSPECT);
  }

  @Test
  default void aVariantCanBeASuspectToo() {
    LedgerScene scene = scene();
    scene.describe(ASSET);
    scene.requestAndClaim(ASSET, "t");
    scene.request(ASSET, "innocent");
    lose();
    assertThat(due(Suspects.EXCLUDED)).containsExactly(derive(ASSET, "innocent"));
    assertThat(due(Suspects.ONLY)).containsExactly(derive(ASSET, "t"));
  }

  @Test
  default void suspectsTakeNoPlaceOfOthers() {
    LedgerScene scene = scene();
    scene.describe(ASSET);
    for (String t : List.of("first", "second", "third")) {
      scene.request(ASSET, t, 50);
      scene.claim(derive(ASSET, t));
    }
    lose();
    scene.request(ASSET, "innocent", 1);
    ClaimRequest one = ClaimRequest.due("worker", ALL_KINDS, 1, LEASE);
    assertThat(subjects(one.with(Suspects.EXCLUDED))).containsExactly(derive(ASSET, "innocent"));
    assertThat(subjects(one.with(Suspects.ONLY))).hasSize(1);
    assertThat(due(Suspects.ONLY)).hasSize(2);
  }

  @Test
  default void subjectsAskedForAreLookedAtForSuspicionToo() {
    suspect();
    scene().admit(INNOCENT.asset());
    ClaimRequest both = ClaimRequest.about("worker", List.of(SUSPECT, INNOCENT), LEASE);
    assertThat(subjects(both.with(Suspects.EXCLUDED))).containsExactly(INNOCENT);
    assertThat(subjects(both.with(Suspects.ONLY))).containsExactly(SUSPECT);
  }

  @Test
  default void suspicionEndsWhenAnAttemptComesToAnEnd() {
    suspect();
    Claim claim = scene().claim(SUSPECT);
    scene().ledger.work().retry(claim.lease(), failure("busy"), Duration.ZERO);
    assertThat(due(Suspects.EXCLUDED)).containsExactly(SUSPECT);
  }

  @Test
  default void workGivenBackUntouchedStaysASuspect() {
    suspect();
    scene().ledger.work().release(scene().claim(SUSPECT).lease());
    assertThat(due(Suspects.EXCLUDED)).isEmpty();
    assertThat(due(Suspects.ONLY)).containsExactly(SUSPECT);
  }

  @Test
  default void workThatLostItsWorkerAgainStaysASuspect() {
    suspect();
    Claim claim = scene().claim(SUSPECT);
    scene().ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    lose();
    assertThat(scene().work(SUSPECT).attempts()).isEqualTo(2);
    assertThat(due(Suspects.EXCLUDED)).isEmpty();
    assertThat(due(Suspects.ONLY)).containsExactly(SUSPECT);
  }

  @Test
  default void suspectedWorkShowsWhy() {
    suspect();
    assertThat(scene().work(SUSPECT).failure()).isNotNull();
    assertThat(scene().work(SUSPECT).failure().code()).isEqualTo(WorkLedger.WORKER_LOST);
  }

  @Test
  default void workThatIsStartedAfreshIsNoSuspect() {
    LedgerScene scene = scene();
    AssetId uploaded = asset("uploaded again");
    AssetId wanted = asset("wanted again");
    scene.describe(wanted);
    scene.admitAndClaim(ASSET);
    scene.admitAndClaim(uploaded);
    scene.requestAndClaim(wanted, "redriven");
    scene.requestAndClaim(wanted, "requested");
    scene.elapse(LEASE);
    assertThat(scene.ledger.work().reap(10, 1).buried()).hasSize(4);
    scene.ledger.operator().redrive(SUSPECT);
    scene.ledger.operator().redrive(derive(wanted, "redriven"));
    scene.ledger.intake().admit(scene.admission(uploaded, "again"));
    scene.elapse(WorkLedger.FAILURE_MEMORY);
    scene.request(wanted, "requested");
    assertThat(due(Suspects.ONLY)).isEmpty();
    assertThat(due(Suspects.EXCLUDED))
        .containsExactlyInAnyOrder(
            SUSPECT,
            Subject.inspect(uploaded),
            derive(wanted, "redriven"),
            derive(wanted, "requested"));
  }

  private void suspect() {
    scene().admitAndClaim(ASSET);
    lose();
  }

  /** Whoever holds a lease now vanishes with it. */
  private void lose() {
    scene().elapse(LEASE);
    scene().ledger.work().reap(100, 100);
  }

  private List<Subject> due(Suspects suspects) {
    return subjects(ClaimRequest.due("worker", ALL_KINDS, 10, LEASE).with(suspects));
  }

  private List<Subject> subjects(ClaimRequest request) {
    return scene().ledger.work().claim(request).stream().map(c -> c.lease().subject()).toList();
  }
}

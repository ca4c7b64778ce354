package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How variants are asked for ahead of time, and what holds when several ask. */
interface LaterRequestCases extends LedgerCases {

  AssetId WANTED = asset("wanted");
  Subject MAKING = derive(WANTED, "t");
  Duration HOUR = Duration.ofHours(1);

  @Test
  default void aVariantWantedLaterIsNotDueBefore() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    Instant before = scene.now();
    scene.request(WANTED, "t", 5, HOUR);
    scene.isIn(scene.work(MAKING).due(), before, HOUR);
    assertThat(scene.claimUpTo(10)).isEmpty();
    scene.elapse(HOUR.minusMinutes(1));
    assertThat(scene.tryClaim(MAKING)).isEmpty();
    scene.elapse(Duration.ofMinutes(1));
    assertThat(scene.claim(MAKING).attempt()).isEqualTo(1);
  }

  @Test
  default void whoWantsItSoonerGetsItSooner() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    Instant requestedAt = scene.request(WANTED, "t", 5, HOUR).requestedAt();
    scene.elapse(Duration.ofMinutes(1));
    assertThat(scene.request(WANTED, "t", 5, Duration.ZERO)).isEqualTo(scene.row(WANTED, "t"));
    assertThat(scene.row(WANTED, "t").requestedAt()).isBeforeOrEqualTo(requestedAt);
    assertThat(scene.work(MAKING).due()).isBeforeOrEqualTo(scene.now());
    assertThat(scene.claim(MAKING).attempt()).isEqualTo(1);
  }

  @Test
  default void whoWantsItLaterDoesNotPutItOff() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    scene.request(WANTED, "t", 5, HOUR);
    WorkRow work = scene.work(MAKING);
    scene.request(WANTED, "t", 5, HOUR.multipliedBy(2));
    assertThat(scene.work(MAKING)).isEqualTo(work);
    scene.request(WANTED, "soon", 5, Duration.ZERO);
    scene.request(WANTED, "soon", 5, HOUR);
    assertThat(scene.tryClaim(derive(WANTED, "soon"))).hasSize(1);
  }

  @Test
  default void theHigherPriorityHoldsWhoeverAskedForIt() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    scene.request(WANTED, "t", -3);
    scene.request(WANTED, "t", 9);
    assertThat(scene.work(MAKING).priority()).isEqualTo(9);
    scene.request(WANTED, "t", 4);
    assertThat(scene.work(MAKING).priority()).isEqualTo(9);
  }

  @Test
  default void timeAndPriorityAreMergedApart() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    scene.request(WANTED, "t", 1, HOUR);
    Instant due = scene.work(MAKING).due();
    scene.request(WANTED, "t", 8, HOUR.multipliedBy(3));
    assertThat(scene.work(MAKING).priority()).isEqualTo(8);
    assertThat(scene.work(MAKING).due()).isEqualTo(due);
    Instant before = scene.now();
    scene.request(WANTED, "t", 2, HOUR.dividedBy(2));
    assertThat(scene.work(MAKING).priority()).isEqualTo(8);
    scene.isIn(scene.work(MAKING).due(), before, HOUR.dividedBy(2));
  }

  @Test
  default void aRequestDoesNotCutTheWaitAfterAFailureShort() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    Claim claim = scene.requestAndClaim(WANTED, "t");
    scene.ledger.work().retry(claim.lease(), failure("busy"), HOUR);
    List<Object> before = scene.everythingAbout(WANTED);
    scene.request(WANTED, "t", 100, Duration.ZERO);
    assertThat(scene.everythingAbout(WANTED)).isEqualTo(before);
    assertThat(scene.tryClaim(MAKING)).isEmpty();
  }

  @Test
  default void aRequestDoesNotTouchWorkUnderWay() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    scene.requestAndClaim(WANTED, "t");
    List<Object> before = scene.everythingAbout(WANTED);
    scene.request(WANTED, "t", 100, Duration.ZERO);
    scene.request(WANTED, "t", 0, HOUR);
    assertThat(scene.everythingAbout(WANTED)).isEqualTo(before);
  }

  @Test
  default void workGivenBackUntouchedIsMergedAgain() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    Claim claim = scene.requestAndClaim(WANTED, "t");
    scene.ledger.work().release(claim.lease());
    scene.request(WANTED, "t", 7);
    assertThat(scene.work(MAKING).priority()).isEqualTo(7);
  }

  @Test
  default void aFailedVariantCanBeWantedLaterOnceItsTimeHasCome() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    scene.request(WANTED, "t");
    scene.bury(MAKING);
    List<Object> dead = scene.everythingAbout(WANTED);
    scene.request(WANTED, "t", 9, HOUR);
    assertThat(scene.everythingAbout(WANTED)).isEqualTo(dead);
    scene.elapse(WorkLedger.FAILURE_MEMORY);
    Instant before = scene.now();
    scene.request(WANTED, "t", 9, HOUR);
    scene.isIn(scene.work(MAKING).due(), before, HOUR);
    assertThat(scene.tryClaim(MAKING)).isEmpty();
  }

  @Test
  default void ofManyRequestsAtOnceTheSoonestAndTheHighestHold() {
    LedgerScene scene = scene();
    scene.describe(WANTED);
    int threads = 12;
    Instant before = scene.now();
    Together.run(threads, i -> scene.request(WANTED, "t", i, HOUR.multipliedBy(i + 1L)));
    assertThat(scene.work(MAKING).priority()).isEqualTo(threads - 1);
    scene.isIn(scene.work(MAKING).due(), before, HOUR);
  }
}

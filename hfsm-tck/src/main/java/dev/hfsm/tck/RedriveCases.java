package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.derive;
import static dev.hfsm.tck.LedgerScene.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How dead work starts again. */
interface RedriveCases extends LedgerCases {

  AssetId GIVEN_UP = asset("given up");

  @Test
  default void aDeadInspectionStartsAgainWithItsAttemptsForgotten() {
    LedgerScene scene = scene();
    Subject subject = Subject.inspect(GIVEN_UP);
    scene.admit(GIVEN_UP);
    scene.ledger.work().retry(scene.claim(subject).lease(), failure("busy"), Duration.ZERO);
    scene.bury(subject);
    assertThat(operator().redrive(subject)).isTrue();
    WorkRow work = scene.work(subject);
    assertThat(work.dead()).isFalse();
    assertThat(work.attempts()).isZero();
    assertThat(work.worker()).isNull();
    assertThat(operator().dead(Cursor.START, 10).items()).isEmpty();
    assertThat(scene.row(GIVEN_UP).state()).isEqualTo(AssetState.INGESTED);
    assertThat(scene.claim(subject).attempt()).isEqualTo(1);
  }

  @Test
  default void aRedriveIsALineOfHistory() {
    LedgerScene scene = scene();
    scene.admit(GIVEN_UP);
    scene.bury(Subject.inspect(GIVEN_UP));
    operator().redrive(Subject.inspect(GIVEN_UP));
    HistoryEntry entry = scene.lastEntry(GIVEN_UP);
    assertThat(entry.event()).isEqualTo(AssetEvent.REDRIVEN);
    assertThat(entry.from()).isEqualTo(AssetState.FAILED);
    assertThat(entry.to()).isEqualTo(AssetState.INGESTED);
    assertThat(entry.worker()).isNull();
    assertThat(entry.attempt()).isZero();
  }

  @Test
  default void aRejectedAssetIsInspectedAgainAndItsRejectionForgotten() {
    LedgerScene scene = scene();
    Subject subject = Subject.inspect(GIVEN_UP);
    scene.reject(GIVEN_UP, Facts.of(Fact.REJECTION, "too large").with(Fact.WIDTH, 9000));
    assertThat(operator().redrive(subject)).isTrue();
    assertThat(scene.row(GIVEN_UP).state()).isEqualTo(AssetState.INGESTED);
    assertThat(scene.row(GIVEN_UP).facts()).isEqualTo(Facts.of(Fact.WIDTH, 9000));
    assertThat(scene.lastEntry(GIVEN_UP).from()).isEqualTo(AssetState.REJECTED);
    assertThat(scene.lastEntry(GIVEN_UP).event()).isEqualTo(AssetEvent.REDRIVEN);
    assertThat(scene.claim(subject).attempt()).isEqualTo(1);
  }

  @Test
  default void aDeadVariantIsRequestedAgainWithItsAttemptsForgotten() {
    LedgerScene scene = scene();
    Subject subject = derive(GIVEN_UP, "t");
    scene.describe(GIVEN_UP);
    List<HistoryEntry> history = scene.ledger.reader().history(GIVEN_UP);
    scene.request(GIVEN_UP, "t", 4);
    scene.bury(subject);
    assertThat(operator().redrive(subject)).isTrue();
    VariantRow row = scene.row(GIVEN_UP, "t");
    assertThat(row.state()).isEqualTo(VariantState.REQUESTED);
    WorkRow work = scene.work(subject);
    assertThat(work.dead()).isFalse();
    assertThat(work.attempts()).isZero();
    assertThat(work.priority()).isEqualTo(4);
    assertThat(scene.claim(subject).attempt()).isEqualTo(1);
    assertThat(scene.row(GIVEN_UP).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(scene.ledger.reader().history(GIVEN_UP)).isEqualTo(history);
  }

  @Test
  default void whatIsNotDeadIsNotRedriven() {
    LedgerScene scene = scene();
    scene.admitAndClaim(GIVEN_UP);
    scene.request(GIVEN_UP, "wanted");
    scene.publish(GIVEN_UP, "ready");
    AssetId described = asset("described");
    scene.describe(described);
    List<Object> before = scene.everythingAbout(GIVEN_UP);
    List<Object> alsoBefore = scene.everythingAbout(described);
    for (Subject subject :
        List.of(
            Subject.inspect(GIVEN_UP),
            Subject.inspect(described),
            Subject.inspect(asset("unknown")),
            derive(GIVEN_UP, "wanted"),
            derive(GIVEN_UP, "ready"),
            derive(GIVEN_UP, "unknown"))) {
      assertThat(operator().redrive(subject)).as("%s", subject).isFalse();
    }
    assertThat(scene.everythingAbout(GIVEN_UP)).isEqualTo(before);
    assertThat(scene.everythingAbout(described)).isEqualTo(alsoBefore);
  }

  @Test
  default void ofManyRedrivesAtOnceOneStartsTheWork() {
    LedgerScene scene = scene();
    scene.admit(GIVEN_UP);
    scene.bury(Subject.inspect(GIVEN_UP));
    List<Boolean> answers = Together.run(8, i -> operator().redrive(Subject.inspect(GIVEN_UP)));
    assertThat(answers.stream().filter(started -> started)).hasSize(1);
    assertThat(scene.events(GIVEN_UP)).containsOnlyOnce(AssetEvent.REDRIVEN);
  }

  private OperatorLedger operator() {
    return scene().ledger.operator();
  }
}

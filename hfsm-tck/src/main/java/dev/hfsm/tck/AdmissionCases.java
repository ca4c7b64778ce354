package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.SIZE;
import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How assets come in. */
interface AdmissionCases extends LedgerCases {

  @Test
  default void findTellsTheRowOrThatThereIsNoneAndTheTime() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    assertThat(scene.ledger.intake().find(asset).asset()).isNull();
    Instant before = scene.now();
    AssetRow row = scene.admit(asset);
    assertThat(scene.ledger.intake().find(asset).asset()).isEqualTo(row);
    assertThat(scene.ledger.intake().find(asset).now()).isAfterOrEqualTo(before);
  }

  @Test
  default void newBytesAreCommittedAsTheyWereOffered() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Facts facts = Facts.of(Fact.FILE_NAME, "hero.jpg");
    StorageKey key = scene.key(asset);
    Instant before = scene.now();
    Admitted admitted =
        scene.ledger.intake().admit(new Admission(asset, SIZE, key, name("hero"), facts));
    assertThat(admitted.outcome()).isEqualTo(Outcome.CREATED);
    AssetRow row = scene.row(asset);
    assertThat(admitted.asset()).isEqualTo(row);
    assertThat(row.id()).isEqualTo(asset);
    assertThat(row.size()).isEqualTo(SIZE);
    assertThat(row.key()).isEqualTo(key);
    assertThat(row.state()).isEqualTo(AssetState.INGESTED);
    assertThat(row.facts()).isEqualTo(facts);
    assertThat(row.uploads()).isEqualTo(1);
    assertThat(row.changedAt()).isEqualTo(row.admittedAt());
    scene.isNow(row.admittedAt(), before);
    assertThat(scene.names(asset)).containsExactly("hero");
  }

  @Test
  default void sizesBeyondAnIntSurvive() {
    LedgerScene scene = scene();
    AssetId large = asset("large");
    AssetId empty = asset("");
    for (AssetId id : List.of(large, empty)) {
      long size = id.equals(large) ? 5_000_000_000L : 0;
      scene
          .ledger
          .intake()
          .admit(new Admission(id, size, scene.key(id), name("n" + size), Facts.NONE));
      assertThat(scene.row(id).size()).isEqualTo(size);
    }
  }

  @Test
  default void aNewAssetIsOwedItsInspectionAtOnce() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Instant before = scene.now();
    scene.admit(asset);
    assertThat(scene.ledger.operator().work(asset)).hasSize(1);
    WorkRow work = scene.work(Subject.inspect(asset));
    scene.isNow(work.due(), before);
    assertThat(work.attempts()).isZero();
    assertThat(work.worker()).isNull();
    assertThat(work.leasedUntil()).isNull();
    assertThat(work.failure()).isNull();
    assertThat(work.dead()).isFalse();
    assertThat(scene.tryClaim(Subject.inspect(asset))).hasSize(1);
  }

  @Test
  default void anAdmissionIsTheFirstLineOfHistory() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Instant before = scene.now();
    scene.admit(asset);
    assertThat(scene.ledger.reader().history(asset)).hasSize(1);
    HistoryEntry entry = scene.lastEntry(asset);
    assertThat(entry)
        .isEqualTo(
            new HistoryEntry(
                asset,
                null,
                AssetState.INGESTED,
                AssetEvent.ADMITTED,
                entry.detail(),
                null,
                0,
                entry.at()));
    scene.isNow(entry.at(), before);
  }

  @Test
  default void equalBytesAreADuplicateThatAddsAnUploadAndAReference() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetRow first = scene.admit(asset);
    Facts other = Facts.of(Fact.FILE_NAME, "another name");
    Admitted again =
        scene
            .ledger
            .intake()
            .admit(new Admission(asset, SIZE, scene.key(asset), name("again"), other));
    assertThat(again.outcome()).isEqualTo(Outcome.DUPLICATE);
    AssetRow row = scene.row(asset);
    assertThat(again.asset()).isEqualTo(row);
    assertThat(row)
        .isEqualTo(
            new AssetRow(
                asset,
                SIZE,
                first.key(),
                AssetState.INGESTED,
                Facts.NONE,
                2,
                first.admittedAt(),
                first.changedAt()));
    assertThat(scene.names(asset)).containsExactly("again", LedgerScene.ownName(asset));
    assertThat(scene.events(asset)).containsExactly(AssetEvent.ADMITTED);
  }

  @Test
  default void aDuplicateOwesNothingNew() {
    LedgerScene scene = scene();
    AssetId described = asset("described");
    AssetId rejected = asset("rejected");
    scene.describe(described);
    scene.reject(rejected, Facts.of(Fact.REJECTION, "too large"));
    for (AssetId asset : List.of(described, rejected)) {
      AssetState state = scene.row(asset).state();
      assertThat(scene.ledger.intake().admit(scene.admission(asset, "again")).outcome())
          .isEqualTo(Outcome.DUPLICATE);
      assertThat(scene.row(asset).state()).isEqualTo(state);
      assertThat(scene.ledger.operator().work(asset)).isEmpty();
    }
  }

  @Test
  default void aDuplicateDoesNotDisturbTheInspectionUnderWay() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Claim claim = scene.admitAndClaim(asset);
    WorkRow work = scene.work(Subject.inspect(asset));
    scene.ledger.intake().admit(scene.admission(asset, "again"));
    assertThat(scene.work(Subject.inspect(asset))).isEqualTo(work);
    scene.ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
  }

  @Test
  default void equalBytesReviveAnAssetWhoseInspectionFailed() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetRow first = scene.admit(asset);
    scene.bury(Subject.inspect(asset));
    assertThat(scene.row(asset).state()).isEqualTo(AssetState.FAILED);
    Admission upload = scene.admission(asset, "again");
    Admitted again = scene.ledger.intake().admit(upload);
    assertThat(again.outcome()).isEqualTo(Outcome.REVIVED);
    AssetRow row = scene.row(asset);
    assertThat(again.asset()).isEqualTo(row);
    assertThat(row.state()).isEqualTo(AssetState.INGESTED);
    assertThat(row.key()).isEqualTo(upload.key());
    assertThat(scene.garbage(10)).containsExactly(first.key());
    assertThat(row.uploads()).isEqualTo(2);
    assertThat(scene.names(asset)).contains("again");
    HistoryEntry entry = scene.lastEntry(asset);
    assertThat(entry.event()).isEqualTo(AssetEvent.UPLOADED_AGAIN);
    assertThat(entry.from()).isEqualTo(AssetState.FAILED);
    assertThat(entry.to()).isEqualTo(AssetState.INGESTED);
  }

  @Test
  default void aRevivedAssetIsOwedItsInspectionAfresh() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    scene.admit(asset);
    scene.bury(Subject.inspect(asset));
    scene.ledger.intake().admit(scene.admission(asset, "again"));
    WorkRow work = scene.work(Subject.inspect(asset));
    assertThat(work.dead()).isFalse();
    assertThat(work.attempts()).isZero();
    assertThat(scene.claim(Subject.inspect(asset)).attempt()).isEqualTo(1);
  }

  @Test
  default void aKeyOlderThanHalfTheSweepWindowIsStaleAndWritesNothing() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    AssetId other = asset("b");
    scene.ledger.intake().admit(scene.admission(other, "hero"));
    StorageKey stale = scene.key(asset, Stamp.SWEEP_WINDOW.dividedBy(2).plusHours(1));
    List<Object> before = scene.everythingAbout(other);
    Admitted admitted =
        scene.ledger.intake().admit(new Admission(asset, 1, stale, name("hero"), Facts.NONE));
    assertThat(admitted).isEqualTo(new Admitted(Outcome.STALE_KEY, null));
    assertThat(scene.ledger.reader().asset(asset)).isEmpty();
    assertThat(scene.ledger.operator().work(asset)).isEmpty();
    assertThat(scene.ledger.reader().history(asset)).isEmpty();
    assertThat(scene.everythingAbout(other)).isEqualTo(before);
  }

  @Test
  default void aKeyWithinHalfTheSweepWindowIsFreshEnough() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    StorageKey key = scene.key(asset, Stamp.SWEEP_WINDOW.dividedBy(2).minus(Duration.ofMinutes(5)));
    Admitted admitted =
        scene.ledger.intake().admit(new Admission(asset, 1, key, name("n"), Facts.NONE));
    assertThat(admitted.outcome()).isEqualTo(Outcome.CREATED);
  }

  @Test
  default void aKeyThatIsNotTheAssetsOwnIsRefused() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    IntakeLedger intake = scene.ledger.intake();
    for (StorageKey key :
        List.of(
            scene.key(asset("b")),
            scene.key(asset("tenant", "a")),
            scene.content(asset, "t").key(),
            new StorageKey("raw/anything"))) {
      Admission admission = new Admission(asset, 1, key, name("n"), Facts.NONE);
      assertThatThrownBy(() -> intake.admit(admission))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(scene.ledger.reader().asset(asset)).isEmpty();
    }
  }

  @Test
  default void equalBytesInTwoScopesAreTwoAssets() {
    LedgerScene scene = scene();
    List<AssetId> assets = List.of(asset("a"), asset("one", "a"), asset("two", "a"));
    for (AssetId asset : assets) {
      Admitted admitted = scene.ledger.intake().admit(scene.admission(asset, "same name"));
      assertThat(admitted.outcome()).isEqualTo(Outcome.CREATED);
    }
    for (AssetId asset : assets) {
      assertThat(scene.row(asset).id()).isEqualTo(asset);
      assertThat(scene.row(asset).uploads()).isEqualTo(1);
      assertThat(scene.names(asset)).containsExactly("same name");
      assertThat(scene.ledger.operator().work(asset)).hasSize(1);
    }
  }

  @Test
  default void ofManyAdmissionsAtOnceExactlyOneCreates() {
    LedgerScene scene = scene();
    int threads = 64;
    AssetId asset = asset("a");
    List<Admitted> answers =
        Together.run(
            threads, i -> scene.ledger.intake().admit(scene.admission(asset, "name " + i)));
    List<Outcome> outcomes = answers.stream().map(Admitted::outcome).toList();
    assertThat(Collections.frequency(outcomes, Outcome.CREATED)).isEqualTo(1);
    assertThat(Collections.frequency(outcomes, Outcome.DUPLICATE)).isEqualTo(threads - 1);
    AssetRow row = scene.row(asset);
    assertThat(row.uploads()).isEqualTo(threads);
    assertThat(answers)
        .allSatisfy(a -> assertThat(a.asset()).extracting(AssetRow::key).isEqualTo(row.key()));
    assertThat(scene.names(asset)).hasSize(threads);
    assertThat(scene.ledger.operator().work(asset)).hasSize(1);
    assertThat(scene.events(asset)).containsExactly(AssetEvent.ADMITTED);
  }

  @Test
  default void factsSurviveUnchangedHoweverOddTheyAre() {
    LedgerScene scene = scene();
    AssetId asset = asset("a");
    Facts facts =
        Facts.parse("zFactOfTheFuture=größer = 大きい 😀 'quoted' \"twice\" \\n %s ?\nanother=")
            .with(Fact.FILE_NAME, "a=b=ü漢字😀.jpg")
            .with(Fact.DECLARED_TYPE, "ä".repeat(1000));
    scene.ledger.intake().admit(new Admission(asset, SIZE, scene.key(asset), name("n"), facts));
    assertThat(scene.row(asset).facts()).isEqualTo(facts);
  }

  @Test
  default void closingTwiceDoesNoHarm() {
    scene().ledger.close();
    scene().ledger.close();
  }
}

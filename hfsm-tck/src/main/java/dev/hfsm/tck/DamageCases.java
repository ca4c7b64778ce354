package dev.hfsm.tck;

import static dev.hfsm.tck.LedgerScene.asset;
import static dev.hfsm.tck.LedgerScene.failure;
import static dev.hfsm.tck.LedgerScene.name;
import static dev.hfsm.tck.LedgerScene.ownName;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How damage to an original is remembered, and how the same bytes heal it. */
interface DamageCases extends LedgerCases {

  AssetId HURT = asset("hurt");
  Failure ROT = failure("bit-rot");

  @Test
  default void damageIsShownUntilItIsTakenBack() {
    LedgerScene scene = scene();
    AssetRow sound = scene.describe(HURT);
    assertThat(sound.damage()).isNull();
    assertThat(custody().markDamaged(HURT, sound.key(), ROT)).isTrue();
    assertThat(scene.row(HURT).damage()).isEqualTo(ROT);
    assertThat(scene.ledger.intake().find(HURT).asset()).isEqualTo(scene.row(HURT));
    assertThat(custody().markDamaged(HURT, sound.key(), failure("missing"))).isTrue();
    assertThat(scene.row(HURT).damage()).isEqualTo(failure("missing"));
    assertThat(custody().markSound(HURT, sound.key())).isTrue();
    assertThat(scene.row(HURT)).isEqualTo(sound);
    assertThat(custody().markSound(HURT, sound.key())).as("sound already").isFalse();
  }

  @Test
  default void onlyTheKeyThatTheAssetNamesIsMarked() {
    LedgerScene scene = scene();
    AssetRow row = scene.admit(HURT);
    AssetRow other = scene.admit(asset("other"));
    List<Object> before = scene.everythingAbout(HURT);
    StorageKey stranger = scene.key(HURT);
    assertThat(custody().markDamaged(HURT, stranger, ROT)).isFalse();
    assertThat(custody().markDamaged(HURT, other.key(), ROT)).isFalse();
    assertThat(custody().markDamaged(asset("absent"), row.key(), ROT)).isFalse();
    assertThat(custody().markDamaged(asset("tenant", "hurt"), row.key(), ROT)).isFalse();
    assertThat(scene.everythingAbout(HURT)).isEqualTo(before);
    custody().markDamaged(HURT, row.key(), ROT);
    assertThat(custody().markSound(HURT, stranger)).isFalse();
    assertThat(custody().markSound(asset("other"), row.key())).isFalse();
    assertThat(scene.row(HURT).damage()).isEqualTo(ROT);
  }

  @Test
  default void theSameBytesHealADamagedOriginal() {
    LedgerScene scene = scene();
    scene.describe(HURT, Facts.parse("width=640"));
    scene.publish(HURT, "t");
    scene.request(HURT, "wanted");
    AssetRow row = scene.row(HURT);
    List<AssetEvent> events = scene.events(HURT);
    custody().markDamaged(HURT, row.key(), ROT);
    scene.elapse(Duration.ofMinutes(1));
    AssetRow before = scene.row(HURT);
    List<Object> variants = List.copyOf(scene.ledger.reader().variants(HURT));
    Admission upload = scene.admission(HURT, "again");
    Admitted healed = scene.ledger.intake().admit(upload);
    assertThat(healed.outcome()).isEqualTo(Outcome.HEALED);
    assertThat(scene.row(HURT))
        .isEqualTo(healed.asset())
        .isEqualTo(
            new AssetRow(
                HURT,
                row.size(),
                upload.key(),
                AssetState.VARIANTS_READY,
                row.facts(),
                2,
                before.admittedAt(),
                before.changedAt()));
    assertThat(scene.garbage(10)).containsExactly(row.key());
    assertThat(scene.names(HURT)).containsExactly("again", ownName(HURT));
    assertThat(List.<Object>copyOf(scene.ledger.reader().variants(HURT))).isEqualTo(variants);
    assertThat(scene.ledger.operator().work(HURT)).hasSize(1);
    assertThat(scene.events(HURT)).isEqualTo(events);
  }

  @Test
  default void healingDoesNotDisturbTheInspectionUnderWay() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(HURT);
    custody().markDamaged(HURT, claim.asset().key(), ROT);
    assertThat(scene.ledger.intake().admit(scene.admission(HURT, "again")).outcome())
        .isEqualTo(Outcome.HEALED);
    scene.ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    assertThat(scene.ledger.operator().work(HURT)).hasSize(1);
    assertThat(scene.work(Subject.inspect(HURT)).attempts()).isEqualTo(1);
  }

  @Test
  default void whatIsHealedIsADuplicateFromThenOn() {
    LedgerScene scene = scene();
    StorageKey old = scene.describe(HURT).key();
    custody().markDamaged(HURT, old, ROT);
    Admission first = scene.admission(HURT, "first");
    scene.ledger.intake().admit(first);
    assertThat(scene.ledger.intake().admit(scene.admission(HURT, "second")).outcome())
        .isEqualTo(Outcome.DUPLICATE);
    assertThat(scene.row(HURT).key()).isEqualTo(first.key());
    assertThat(custody().markDamaged(HURT, old, ROT)).as("a late report").isFalse();
    assertThat(scene.row(HURT).damage()).isNull();
  }

  @Test
  default void aNameAloneHealsNothing() {
    LedgerScene scene = scene();
    StorageKey key = scene.describe(HURT).key();
    custody().markDamaged(HURT, key, ROT);
    scene.ledger.intake().retain(new Retention(HURT, name("again"), Retention.Cause.UPLOAD));
    scene.retain(HURT, "claimed");
    assertThat(scene.row(HURT).damage()).isEqualTo(ROT);
    assertThat(scene.row(HURT).key()).isEqualTo(key);
  }

  @Test
  default void aStaleKeyHealsNothing() {
    LedgerScene scene = scene();
    AssetRow row = scene.describe(HURT);
    custody().markDamaged(HURT, row.key(), ROT);
    List<Object> before = scene.everythingAbout(HURT);
    StorageKey stale = scene.key(HURT, Stamp.SWEEP_WINDOW.dividedBy(2).plusHours(1));
    Admission upload = new Admission(HURT, row.size(), stale, name("again"), Facts.NONE);
    assertThat(scene.ledger.intake().admit(upload))
        .isEqualTo(new Admitted(Outcome.STALE_KEY, null));
    assertThat(scene.everythingAbout(HURT)).isEqualTo(before);
  }

  @Test
  default void aFailedAssetThatIsDamagedIsRevivedAndHealed() {
    LedgerScene scene = scene();
    AssetRow row = scene.admit(HURT);
    scene.bury(Subject.inspect(HURT));
    custody().markDamaged(HURT, row.key(), ROT);
    Admission upload = scene.admission(HURT, "again");
    Admitted admitted = scene.ledger.intake().admit(upload);
    assertThat(admitted.outcome()).isEqualTo(Outcome.REVIVED);
    assertThat(scene.row(HURT)).isEqualTo(admitted.asset());
    assertThat(scene.row(HURT).damage()).isNull();
    assertThat(scene.row(HURT).key()).isEqualTo(upload.key());
    assertThat(scene.row(HURT).state()).isEqualTo(AssetState.INGESTED);
    assertThat(scene.garbage(10)).containsExactly(row.key());
  }

  @Test
  default void damageIsRememberedWhateverElseHappens() {
    LedgerScene scene = scene();
    Claim claim = scene.admitAndClaim(HURT);
    custody().markDamaged(HURT, claim.asset().key(), ROT);
    scene.ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    scene.ledger.work().bury(claim.lease(), failure("hopeless"));
    scene.ledger.operator().redrive(Subject.inspect(HURT));
    assertThat(scene.row(HURT).damage()).isEqualTo(ROT);
    assertThat(scene.claim(Subject.inspect(HURT)).asset()).isEqualTo(scene.row(HURT));
    scene.release(HURT);
    assertThat(scene.ledger.collector().collect(Duration.ZERO, 10)).containsExactly(HURT);
    assertThat(scene.admit(HURT).damage()).isNull();
  }

  @Test
  default void ofManyUploadsAtOnceOneHeals() {
    LedgerScene scene = scene();
    StorageKey old = scene.describe(HURT).key();
    custody().markDamaged(HURT, old, ROT);
    int threads = 12;
    List<Admitted> answers =
        Together.run(threads, i -> scene.ledger.intake().admit(scene.admission(HURT, "name " + i)));
    List<Outcome> outcomes = answers.stream().map(Admitted::outcome).toList();
    assertThat(Collections.frequency(outcomes, Outcome.HEALED)).isEqualTo(1);
    assertThat(Collections.frequency(outcomes, Outcome.DUPLICATE)).isEqualTo(threads - 1);
    StorageKey key = scene.row(HURT).key();
    assertThat(answers)
        .allSatisfy(a -> assertThat(a.asset()).extracting(AssetRow::key).isEqualTo(key));
    assertThat(key).isNotEqualTo(old);
    assertThat(scene.row(HURT).uploads()).isEqualTo(threads + 1);
    assertThat(scene.garbage(10)).containsExactly(old);
  }

  private CustodyLedger custody() {
    return scene().ledger.custody();
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.custody.AdoptReport;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.Finding;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.ScrubOptions.Start;
import dev.hfsm.custody.ScrubReport;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is damaged is found, not served, and healed; what a ledger has lost is brought back. */
@Timeout(300)
class ScrubTest {

  @TempDir Path spool;
  private Scene scene;
  private StrayObjects strays;
  private AssetPipeline assets;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    strays = new StrayObjects(scene.blobs);
    assets = scene.started();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private StorageKey keyOf(AssetId id) {
    return assets.find(id).orElseThrow().key();
  }

  private ScrubReport scrub() {
    return assets.maintenance().scrub(ScrubOptions.full(), finding -> {});
  }

  /** The listener is told after the ledger shows it. */
  private void awaitHeard(AssetEvent event) {
    while (scene.heard.stream().noneMatch(transition -> transition.event() == event)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatIsSoundIsSaidToBe() {
    AssetId id = inspected(assets, "hello");
    assets.variant(id, image().width(3)).await(PATIENT);
    ScrubReport report = scrub();
    assertThat(report.isClean()).isTrue();
    assertThat(report.blobs()).isEqualTo(2);
    assertThat(report.bytes()).isEqualTo(9 + 3);
  }

  @Test
  void aDamagedOriginalIsNamedNotServedAndHealedByTheNextUpload() throws IOException {
    AssetId id = inspected(assets, "hello");
    strays.garble(keyOf(id));
    List<Finding> told = new ArrayList<>();
    ScrubReport dry =
        assets.maintenance().scrub(new ScrubOptions(1, 0, Mode.DRY_RUN, Start.FRESH), told::add);
    assertThat(dry.originals()).isEqualTo(1);
    assertThat(told).extracting(Finding::asset).containsExactly(id);
    assertThat(assets.find(id).orElseThrow().damage()).isNull();

    ScrubReport report = scrub();
    assertThat(report.originals()).isEqualTo(1);
    assertThat(report.isClean()).isFalse();
    assertThat(report.examples().get(0).kind()).isEqualTo(Finding.Kind.DAMAGED);
    assertThatThrownBy(() -> assets.open(id))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("uploading the same bytes again");
    assertThatThrownBy(() -> assets.variant(id, image().width(3)).await(PATIENT))
        .isInstanceOf(IntegrityException.class);
    assertThat(scrub().originals()).as("it stays damaged").isEqualTo(1);

    awaitHeard(AssetEvent.DESCRIBED);
    int heard = scene.heard.size();
    assertThat(assets.ingest(Upload.of(toy("hello"))).outcome())
        .isEqualTo(Ingested.Outcome.DUPLICATE);
    assertThat(scene.heard).hasSize(heard);
    assertThat(assets.find(id).orElseThrow().state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(text(assets.open(id))).isEqualTo("toy:hello");
    assertThat(text(assets.variant(id, image().width(3)).await(PATIENT))).isEqualTo("HEL");
    assertThat(scene.blobs.list("raw/", Cursor.START, 10).items()).hasSize(1);
    assertThat(scene.ledger.collector().garbage(10)).isEmpty();
    assertThat(scrub().isClean()).isTrue();
  }

  @Test
  void theDamagedBytesOfAHeldAssetAreKeptWhenItIsHealedUntilTheHoldIsLifted() throws IOException {
    AssetId id = inspected(assets, "evidence");
    StorageKey damaged = keyOf(id);
    strays.garble(damaged);
    scrub();
    assets.maintenance().hold(id, "case 4711");
    assets.ingest(Upload.of(toy("evidence")));
    assertThat(text(assets.open(id))).isEqualTo("toy:evidence");
    CollectOptions now = new CollectOptions(Duration.ZERO, Mode.REAL);
    assertThat(assets.maintenance().collect(now, asset -> {}).garbage().objects()).isZero();
    assertThat(scene.blobs.stat(damaged)).isPresent();
    assets.maintenance().unhold(id);
    assertThat(assets.maintenance().collect(now, asset -> {}).garbage().objects()).isEqualTo(1);
    assertThat(scene.blobs.stat(damaged)).isEmpty();
    assertThat(text(assets.open(id))).isEqualTo("toy:evidence");
  }

  @Test
  void aMissingOriginalIsNotedByWhoeverReadsItAndHealedByTheNextUpload() throws IOException {
    AssetId id = inspected(assets, "hello");
    scene.blobs.delete(keyOf(id));
    Original before = assets.open(id);
    assertThatThrownBy(before::open).isInstanceOf(IntegrityException.class);
    AssetRow row = assets.find(id).orElseThrow();
    assertThat(row.damage().code()).isEqualTo("original-missing");
    assets.ingest(Upload.of(toy("hello")));
    assertThat(text(assets.open(id))).isEqualTo("toy:hello");
  }

  @Test
  void aWorkerThatMeetsDamageNotesIt() throws IOException {
    AssetId id = inspected(assets, "hello");
    strays.garble(keyOf(id));
    assertThatThrownBy(() -> assets.variant(id, image().width(3)).await(PATIENT))
        .isInstanceOf(TransformationException.class);
    assertThat(assets.find(id).orElseThrow().damage().code()).isEqualTo("original-damaged");
    assertThatThrownBy(() -> assets.open(id)).isInstanceOf(IntegrityException.class);
  }

  @Test
  void anOriginalThatWasBroughtBackIsSoundAgain() throws IOException {
    AssetId id = inspected(assets, "hello");
    StorageKey key = keyOf(id);
    scene.blobs.delete(key);
    assertThat(scrub().originals()).isEqualTo(1);
    strays.put(key, toy("hello")); // by hand, from a backup
    ScrubReport report = scrub();
    assertThat(report.recovered()).isEqualTo(1);
    assertThat(report.isClean()).isTrue();
    assertThat(text(assets.open(id))).isEqualTo("toy:hello");
  }

  @Test
  void anAdoptionThatIsInterruptedEndsAndCountsForNothingButWhatItBrought() {
    for (int i = 0; i < 3; i++) {
      strays.original(toy("lost " + i), scene.clock.instant());
    }
    strays.markOfTheFuture(scene.ledger.custody().ledgerId(), scene.clock.instant());
    List<AssetId> adopted = new ArrayList<>();
    assertThatThrownBy(
            () ->
                assets
                    .maintenance()
                    .adopt(
                        Mode.REAL,
                        asset -> {
                          adopted.add(asset);
                          Thread.currentThread().interrupt();
                        }))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(adopted).hasSize(1);
    assertThat(scrub().isClean()).isTrue();
    SweepOptions sweep = new SweepOptions(Mode.REAL, SweepOptions.Allowance.BOUNDED);
    assertThat(assets.maintenance().sweep(sweep, key -> {}).refusal()).isNotNull();
    assertThat(assets.maintenance().adopt(Mode.REAL, adopted::add).adopted()).isEqualTo(2);
    assertThat(adopted).hasSize(3).doesNotHaveDuplicates();
    assertThat(assets.maintenance().sweep(sweep, key -> {}).refusal()).isNull();
  }

  @Test
  void aDamagedVariantIsMadeAgain() throws IOException {
    AssetId id = inspected(assets, "hello");
    assets.variant(id, image().width(3)).await(PATIENT);
    StorageKey key = scene.variantObjects().get(0);
    strays.garble(key);
    ScrubReport report = scrub();
    assertThat(report.variants()).isEqualTo(1);
    assertThat(report.originals()).isZero();
    assertThat(text(assets.variant(id, image().width(3)).await(PATIENT))).isEqualTo("HEL");
    assertThat(scene.toy.renders).hasValue(2);
    assertThat(scrub().isClean()).isTrue();
  }

  @Test
  void aStoreThatDoesNotAnswerIsNoDamage() {
    for (int i = 0; i < 30; i++) {
      inspected(assets, "toy " + i);
    }
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("blobs.open")) {
            throw new BlobStoreException("unreachable", null, true);
          }
          return proceed.now();
        });
    assertThatThrownBy(this::scrub)
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("20 times in a row");
    assertThat(assets.list(Scope.DEFAULT, Cursor.START, 100).items())
        .allMatch(row -> row.damage() == null);
  }

  @Test
  void oneBlobThatCannotBeReadIsNamedAndNotCalledDamaged() {
    AssetId id = inspected(assets, "hello");
    scene.tap.interceptOnce(
        "blobs.open",
        (name, proceed) -> {
          throw new BlobStoreException("bad sector", null, true);
        });
    ScrubReport report = scrub();
    assertThat(report.unreadable()).isEqualTo(1);
    assertThat(report.isClean()).isFalse();
    assertThat(report.examples().get(0).kind()).isEqualTo(Finding.Kind.UNREADABLE);
    assertThat(assets.find(id).orElseThrow().damage()).isNull();
  }

  @Test
  void aSampleIsWhatItsSeedSays() {
    assets.close(); // workers read as well
    assets = scene.built(scene.builder());
    for (int i = 0; i < 500; i++) {
      assets.ingest(Upload.of(toy("toy " + i)));
    }
    List<Integer> sizes = new ArrayList<>();
    Set<Set<String>> samples = new HashSet<>();
    for (int seed = 0; seed < 4; seed++) {
      Set<String> first = sample(seed);
      assertThat(sample(seed)).as("seed %d", seed).isEqualTo(first);
      sizes.add(first.size());
      samples.add(first);
    }
    assertThat(sizes).allMatch(n -> n > 60 && n < 140);
    assertThat(samples).hasSize(4);
  }

  private Set<String> sample(long seed) {
    scene.tap.forgetCalls();
    Set<String> read = new HashSet<>();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("blobs.open")) {
            read.add(proceed.arguments().get(0).toString());
          }
          return proceed.now();
        });
    assets.maintenance().scrub(new ScrubOptions(0.2, seed, Mode.REAL, Start.FRESH), f -> {});
    return read;
  }

  @Test
  void aScrubThatWasBrokenOffIsResumed() {
    for (int i = 0; i < 500; i++) {
      assets.ingest(Upload.of(toy("toy " + i)));
      scene.clock.move(Duration.ofMillis(1));
    }
    assets.close();
    int[] reads = {0};
    boolean[] down = {false};
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("blobs.open") && (reads[0]++ > 300 || down[0])) {
            down[0] = true;
            throw new BlobStoreException("unreachable", null, true);
          }
          return proceed.now();
        });
    AssetPipeline idle = scene.built(scene.builder());
    assertThatThrownBy(() -> idle.maintenance().scrub(ScrubOptions.full(), f -> {}))
        .isInstanceOf(BlobStoreException.class);
    scene.tap.intercept((name, proceed) -> proceed.now());
    scene.tap.forgetCalls();
    ScrubReport report =
        idle.maintenance().scrub(new ScrubOptions(1, 0, Mode.REAL, Start.RESUMED), f -> {});
    assertThat(report.blobs()).isEqualTo(500);
    assertThat(report.isClean()).isTrue();
    assertThat(scene.tap.count("blobs.open")).isEqualTo(300);
  }

  @Test
  void aScrubThatIsInterruptedWithinAPageLeavesNothingOut() throws IOException {
    AssetId first = inspected(assets, "one");
    AssetId second = inspected(assets, "two");
    strays.garble(keyOf(first));
    strays.garble(keyOf(second));
    assertThatThrownBy(
            () ->
                assets
                    .maintenance()
                    .scrub(ScrubOptions.full(), finding -> Thread.currentThread().interrupt()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("resumed");
    assertThat(Thread.interrupted()).isTrue();
    List<Finding> told = new ArrayList<>();
    assets.maintenance().scrub(new ScrubOptions(1, 0, Mode.REAL, Start.RESUMED), told::add);
    assertThat(told).extracting(Finding::asset).containsExactlyInAnyOrder(first, second);
  }

  @Test
  void whatARestoredLedgerHasLostIsAdopted() throws IOException {
    inspected(assets, "known");
    StorageKey lost = strays.original(toy("lost"), scene.clock.instant());
    AssetId id = AssetId.of(Digest.ofContent(toy("lost")));
    strays.original(toy("known"), scene.clock.instant());
    strays.variant(id, "a variant", scene.clock.instant());
    AdoptReport dry = assets.maintenance().adopt(Mode.DRY_RUN, asset -> {});
    assertThat(dry.adopted()).isEqualTo(1);
    assertThat(assets.find(id)).isEmpty();
    AdoptReport report = assets.maintenance().adopt(Mode.REAL, asset -> {});
    assertThat(report.adopted()).isEqualTo(1);
    assertThat(report.healed()).isZero();
    assertThat(report.bytes()).isEqualTo(8);
    assertThat(report.examples()).containsExactly(id);
    assertThat(text(assets.open(id))).isEqualTo("toy:lost");
    assertThat(keyOf(id)).isNotEqualTo(lost);
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(assets.references(id)).hasSize(1).allMatch(r -> r.name().isImplicit());
    assertThat(assets.maintenance().adopt(Mode.REAL, asset -> {}).adopted()).isZero();
  }

  @Test
  void anObjectThatIsAdmittedWhileItIsAdoptedStays() {
    assets.close(); // its chores put as well
    AssetPipeline idle = scene.built(scene.builder());
    byte[] bytes = toy("late");
    StorageKey key = strays.original(bytes, scene.clock.instant());
    AssetId id = AssetId.of(Digest.ofContent(bytes));
    scene.tap.interceptOnce(
        "blobs.put",
        (name, proceed) -> {
          // An upload that had stalled goes on in time, and the copy takes long.
          ReferenceName claim = ReferenceName.implicit(id.digest());
          scene.ledger.intake().admit(new Admission(id, bytes.length, key, claim, Facts.NONE));
          scene.clock.move(Stamp.SWEEP_WINDOW);
          return proceed.now();
        });
    idle.maintenance().adopt(Mode.REAL, asset -> {});
    assertThat(idle.find(id).orElseThrow().key()).isEqualTo(key);
    assertThat(scene.blobs.stat(key)).isPresent();
  }

  @Test
  void anAssetWhoseObjectIsGoneIsHealedFromAnotherCopy() throws IOException {
    AssetId id = inspected(assets, "hello");
    scene.blobs.delete(keyOf(id));
    strays.original(toy("hello"), scene.clock.instant());
    AdoptReport report = assets.maintenance().adopt(Mode.REAL, asset -> {});
    assertThat(report.healed()).isEqualTo(1);
    assertThat(report.adopted()).isZero();
    assertThat(text(assets.open(id))).isEqualTo("toy:hello");
  }

  @Test
  void whatDoesNotHashToItsNameIsNotAdopted() {
    StorageKey key = strays.original(toy("lost"), scene.clock.instant());
    scene.blobs.delete(key);
    strays.put(key, toy("lose"));
    for (Mode mode : Mode.values()) {
      AdoptReport report = assets.maintenance().adopt(mode, asset -> {});
      assertThat(report.damaged()).isEqualTo(1);
      assertThat(report.adopted()).isZero();
    }
    assertThat(assets.list(Scope.DEFAULT, Cursor.START, 10).items()).isEmpty();
  }

  @Test
  void anUploadInsideTheHostsTransactionTellsNobodyAndDeletesNothing() throws IOException {
    AssetId id = inspected(assets, "hello");
    StorageKey old = keyOf(id);
    strays.garble(old);
    scrub();
    int heard = scene.heard.size();
    // The ledger in memory stands for a transaction that is still open.
    assertThat(assets.ingest(Upload.of(toy("hello")), scene.ledger.intake()).outcome())
        .isEqualTo(Ingested.Outcome.DUPLICATE);
    assertThat(scene.blobs.stat(old)).as("a rollback would name it again").isPresent();
    assertThat(assets.ingest(Upload.of(toy("new")), scene.ledger.intake()).outcome())
        .isEqualTo(Ingested.Outcome.CREATED);
    assertThat(scene.heard.subList(heard, scene.heard.size()))
        .noneMatch(t -> t.event() == AssetEvent.ADMITTED);
    assertThat(text(assets.open(id))).isEqualTo("toy:hello");
  }

  @Test
  void aBlobLargerThanItsRowSaysIsDamaged() {
    AssetId id = inspected(assets, "hello");
    StorageKey key = keyOf(id);
    scene.blobs.delete(key);
    byte[] longer = toy("hello and more");
    scene.blobs.put(
        key, new BlobRef(Digest.ofContent(longer), longer.length), ByteSource.of(longer));
    assertThat(scrub().examples().get(0).message()).contains("expected 9 bytes, found more");
  }
}

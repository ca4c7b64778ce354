package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.custody.Mode;
import dev.hfsm.custody.Refusal;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.chores.ChoreBody.Turn;
import dev.hfsm.internal.chores.ChoreContext;
import dev.hfsm.internal.chores.ChorePlan;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.StorageKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the sweep takes, what it leaves, and when it does not begin. Whose store it is. */
@Timeout(300)
class SweepTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final SweepOptions REAL = new SweepOptions(Mode.REAL, Allowance.BOUNDED);
  private static final SweepOptions DRY = new SweepOptions(Mode.DRY_RUN, Allowance.BOUNDED);

  @TempDir Path spool;
  private Scene scene;
  private StrayObjects strays;
  private AssetPipeline assets;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    strays = new StrayObjects(scene.blobs);
    assets = scene.built(scene.builder());
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private SweepReport sweep(SweepOptions options) {
    return assets.maintenance().sweep(options, key -> {});
  }

  private Instant now() {
    return scene.clock.instant();
  }

  private List<StorageKey> orphans(int count) {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(strays.original(toy("orphan " + i), now()));
    }
    return keys;
  }

  private List<String> everything() {
    return scene.blobs.list("", Cursor.START, 100_000).items().stream()
        .map(StorageKey::text)
        .toList();
  }

  @Test
  void orphansGoOnceTheyAreOlderThanTheWindowAndNothingElseDoes() {
    AssetPipeline worker = scene.started();
    AssetId id = inspected(worker, "kept");
    worker.variant(id, image().width(3)).await(PATIENT);
    worker.close(); // its chores sweep and put as well
    StorageKey original = strays.original(toy("never admitted"), now());
    StorageKey variant = strays.variant(id, "never published", now());
    StorageKey stranger = strays.put(new StorageKey("backup/of/something.zip"), toy("zip"));
    StorageKey similar = strays.put(new StorageKey(original.text() + ".bak"), toy("x"));
    scene.clock.move(DAY);
    assertThat(sweep(REAL).orphans()).as("not older than the window yet").isZero();
    scene.clock.move(Duration.ofMillis(1));
    StorageKey young = strays.original(toy("under way"), now());
    List<String> before = everything();

    SweepReport dry = sweep(DRY);
    assertThat(dry.orphans()).isEqualTo(2);
    assertThat(dry.bytes()).isEqualTo(toy("never admitted").length + 15);
    assertThat(dry.examples()).containsExactlyInAnyOrder(original, variant);
    assertThat(everything()).isEqualTo(before);

    List<StorageKey> told = new ArrayList<>();
    SweepReport report = assets.maintenance().sweep(REAL, told::add);
    assertThat(report.refusal()).isNull();
    assertThat(report.deleted()).isEqualTo(2);
    assertThat(report.scanned()).isEqualTo(5);
    assertThat(report.foreign()).isEqualTo(2);
    assertThat(told).containsExactlyInAnyOrder(original, variant);
    List<String> expected = new ArrayList<>(before);
    expected.removeAll(List.of(original.text(), variant.text()));
    assertThat(everything())
        .isEqualTo(expected)
        .contains(young.text(), stranger.text(), similar.text());
  }

  @Test
  void garbageIsNobodysOrphan() {
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    scene.ledger.custody().purge(id);
    scene.clock.move(DAY.multipliedBy(2));
    assertThat(sweep(REAL).orphans()).isZero();
    assertThat(scene.objects()).hasSize(1);
  }

  @Test
  void moreOrphansThanCanBeExplainedStopItUnlessItIsForced() {
    orphans(101);
    scene.clock.move(DAY.plusSeconds(1));
    SweepReport refused = sweep(REAL);
    assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.TOO_MANY);
    assertThat(refused.refusal().toString()).contains("at most 100", "found 101");
    assertThat(refused.deleted()).isZero();
    assertThat(scene.objects()).hasSize(101);
    assertThat(sweep(new SweepOptions(Mode.REAL, Allowance.UNBOUNDED)).deleted()).isEqualTo(101);
    assertThat(scene.objects()).isEmpty();
  }

  @Test
  void aHundredOrphansAreAlwaysAllowedAndBeyondThatOneInTwenty() {
    orphans(150);
    for (int i = 0; i < 2_850; i++) {
      assets.ingest(Upload.of(toy("asset " + i)));
    }
    scene.clock.move(DAY.plusSeconds(1));
    SweepReport report = sweep(REAL);
    assertThat(report.scanned()).isEqualTo(3_000);
    assertThat(report.deleted()).isEqualTo(150);
    assertThat(scene.objects()).hasSize(2_850);
  }

  @Test
  void anOrphanThatCannotBeDeletedIsCountedAndTheOthersGo() {
    orphans(10);
    scene.clock.move(DAY.plusSeconds(1));
    scene.tap.interceptOnce(
        "blobs.delete",
        (name, proceed) -> {
          throw new BlobStoreException("denied", null, false);
        });
    SweepReport report = sweep(REAL);
    assertThat(report.deleted()).isEqualTo(9);
    assertThat(report.failed()).isEqualTo(1);
    assertThat(sweep(REAL).deleted()).isEqualTo(1);
  }

  @Test
  void afterARestoreItStaysOffUntilAScrubHasPassedAndLostAssetsWereAdopted() {
    orphans(1);
    scene.clock.move(DAY.plusSeconds(1));
    strays.markOfTheFuture(scene.ledger.custody().ledgerId(), now());
    for (SweepOptions options : List.of(REAL, new SweepOptions(Mode.REAL, Allowance.UNBOUNDED))) {
      SweepReport refused = sweep(options);
      assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.RESTORED);
      assertThat(refused.refusal().found()).contains("scrub, adopt, then sweep");
    }
    assertThat(assets.maintenance().scrub(ScrubOptions.full(), finding -> {}).isClean()).isTrue();
    assertThat(sweep(REAL).refusal().found()).contains("scrub (done), adopt, then sweep");
    assertThat(assets.maintenance().adopt(Mode.REAL, asset -> {}).adopted()).isEqualTo(1);
    assertThat(sweep(REAL).refusal()).isNull();
    assertThat(assets.list(Scope.DEFAULT, Cursor.START, 10).items()).hasSize(1);
  }

  @Test
  void aStoreOfAnotherLedgerTakesNothingAndIsNotSwept() {
    AssetPipeline intruder =
        scene.built(
            AssetPipeline.builder()
                .ledger(new InMemoryLedger(scene.clock))
                .blobs(scene.blobs)
                .spool(spool));
    orphans(1);
    scene.clock.move(DAY.plusSeconds(1));
    assertThatThrownBy(() -> intruder.ingest(Upload.of(toy("hello"))))
        .isInstanceOf(BlobStoreException.class)
        .matches(e -> !((BlobStoreException) e).retryable())
        .hasMessageContaining(scene.ledger.custody().ledgerId());
    assertThatThrownBy(intruder::start).isInstanceOf(BlobStoreException.class);
    SweepReport refused = intruder.maintenance().sweep(REAL, key -> {});
    assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.OTHER_LEDGER);
    assertThat(scene.objects()).hasSize(1);
  }

  @Test
  void aStoreThatSaysNothingIsClaimedByTheFirstPutAndNotSweptBefore() {
    StorageKey id = scene.blobs.list("hfsm/store-id/", Cursor.START, 2).items().get(0);
    scene.blobs.delete(id);
    assertThat(sweep(REAL).refusal().reason()).isEqualTo(Refusal.Reason.NO_STORE_ID);
    assets.ingest(Upload.of(toy("hello")));
    assertThat(scene.blobs.list("hfsm/store-id/", Cursor.START, 2).items()).hasSize(1);
    assertThat(sweep(REAL).refusal()).isNull();
  }

  @Test
  void firstPutsAtOnceClaimAStoreTogether() throws Exception {
    StorageKey id = scene.blobs.list("hfsm/store-id/", Cursor.START, 2).items().get(0);
    scene.blobs.delete(id);
    List<AssetPipeline> pipelines = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      pipelines.add(
          scene.built(
              AssetPipeline.builder()
                  .ledger(scene.ledger)
                  .blobs(scene.blobs)
                  .random(new Random(i))
                  .spool(spool)));
    }
    int[] next = {0};
    Scene.together(
        8,
        () -> {
          int mine;
          synchronized (next) {
            mine = next[0]++;
          }
          return pipelines.get(mine).ingest(Upload.of(toy("toy " + mine)));
        });
    assertThat(scene.blobs.list("hfsm/store-id/", Cursor.START, 100).items())
        .isNotEmpty()
        .allMatch(key -> key.text().contains(scene.ledger.custody().ledgerId()));
    assertThat(scene.objects()).hasSize(8);
  }

  @Test
  void aStoreThatDoesNotAnswerAtTheStartIsAskedAgainBeforeTheFirstPut() {
    boolean[] down = {true};
    scene.tap.intercept(
        (name, proceed) -> {
          if (down[0] && name.startsWith("blobs.")) {
            throw new BlobStoreException("unreachable", null, true);
          }
          return proceed.now();
        });
    assets.start();
    assertThatThrownBy(() -> assets.ingest(Upload.of(toy("hello"))))
        .isInstanceOf(BlobStoreException.class)
        .hasMessage("unreachable");
    down[0] = false;
    assertThat(inspected(assets, "hello")).isNotNull();
  }

  private Turn turn(String chore, Notes notes) {
    ChorePlan plan =
        assets.custodian().chores().stream()
            .filter(p -> p.name().equals(chore))
            .findFirst()
            .orElseThrow();
    return plan.body().run(notes);
  }

  /** A node that does a chore until its turn is over. */
  private static final class Notes implements ChoreContext {
    private String progress = "";
    private int asked;
    private int patience = Integer.MAX_VALUE;

    @Override
    public String progress() {
      return progress;
    }

    @Override
    public void note(String next) {
      assertThat(next.length()).isLessThanOrEqualTo(MAX_PROGRESS);
      progress = next;
    }

    @Override
    public boolean keepGoing() {
      asked++;
      return asked <= patience;
    }

    @Override
    public Settings settings() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void theDailySweepGoesOnWhereTheLastNodeStopped() {
    orphans(100);
    for (int i = 0; i < 900; i++) {
      assets.ingest(Upload.of(toy("asset " + i)));
    }
    scene.clock.move(DAY.plusSeconds(1));
    Notes notes = new Notes();
    int turns = 0;
    do {
      notes.asked = 0;
      notes.patience = 1; // each turn is a node that dies after a page
      turns++;
    } while (turn("sweep", notes) == Turn.MORE);
    assertThat(turns).isGreaterThan(5);
    assertThat(notes.progress).isEmpty();
    assertThat(scene.objects()).hasSize(900);
  }

  @Test
  void theMarkIsRaisedAndOldOnesGoAndALedgerThatKnowsLessWasRestored() {
    Notes notes = new Notes();
    for (int i = 0; i < 5; i++) {
      assertThat(turn("mark", notes)).isEqualTo(Turn.DONE);
    }
    assertThat(notes.progress).isEqualTo("5");
    assertThat(scene.blobs.list("hfsm/mark/", Cursor.START, 10).items()).hasSize(2);
    assertThat(sweep(DRY).refusal().reason())
        .as("the chore's note is the ledger's, this one was not written there")
        .isEqualTo(Refusal.Reason.RESTORED);
    notes.progress = "3"; // yesterday's
    turn("mark", notes);
    assertThat(notes.progress).isEqualTo("6");
  }

  /** The lease of its own would run out meanwhile, and a pipeline that closes waits for it. */
  @Test
  void theMarkWaitsForAnotherNodesNoteOnlyAsLongAsItsTurnLasts() {
    Notes notes = new Notes();
    turn("mark", notes);
    turn("mark", notes);
    scene.leaveToAnotherNode("restored");
    notes.progress = "1"; // yesterday's
    notes.patience = notes.asked + 3;
    assertThatThrownBy(() -> turn("mark", notes))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("held by another node");
    assertThat(notes.asked).isEqualTo(notes.patience + 1);
    assertThat(notes.progress).isEqualTo("1");
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.CollectReport;
import dev.hfsm.custody.EvictOptions;
import dev.hfsm.custody.EvictReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.PurgeReceipt;
import dev.hfsm.custody.Refusal;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.Evictable;
import dev.hfsm.ledger.Purged;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Collecting, evicting, purging, holding. */
@Timeout(300)
class CollectTest {
  private static final Duration DAY = Duration.ofHours(24);

  @TempDir Path spool;
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private AssetPipeline idle() {
    return scene.built(scene.builder());
  }

  private static CollectReport collect(AssetPipeline assets, Mode mode) {
    return assets.maintenance().collect(new CollectOptions(DAY, mode), asset -> {});
  }

  private static AssetId released(AssetPipeline assets, String text) {
    AssetId id = assets.ingest(Upload.of(toy(text))).id();
    assets.releaseAll(id);
    return id;
  }

  @Test
  void whatIsReleasedGoesAfterItsGraceAndTakesItsObjectsWithIt() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "gone soon");
    AssetId kept = inspected(assets, "kept");
    assets.variant(id, image().width(3)).await(PATIENT);
    assets.releaseAll(id);
    scene.leaveToAnotherNode("collect");
    scene.clock.move(DAY.minusSeconds(1));
    assertThat(collect(assets, Mode.REAL).assets()).isZero();
    scene.clock.move(Duration.ofSeconds(1));
    List<AssetId> told = new ArrayList<>();
    CollectReport report =
        assets.maintenance().collect(new CollectOptions(DAY, Mode.REAL), told::add);
    assertThat(report.assets()).isEqualTo(1);
    assertThat(report.examples()).containsExactly(id);
    assertThat(told).containsExactly(id);
    assertThat(report.garbage().objects()).isEqualTo(2);
    assertThat(report.garbage().bytes()).isEqualTo(toy("gone soon").length + 3);
    assertThat(scene.objects()).hasSize(1);
    assertThat(scene.ledger.collector().garbage(10)).isEmpty();
    assertThat(text(assets.open(kept))).isEqualTo("toy:kept");
    assertThatThrownBy(() -> assets.open(id)).isInstanceOf(AssetGoneException.class);
    assertThatThrownBy(() -> assets.variant(id, image().width(3)).await(PATIENT))
        .isInstanceOf(AssetGoneException.class);
  }

  @Test
  void aDryRunSaysWhatWouldGoAndLeavesIt() {
    AssetPipeline assets = idle();
    AssetId id = released(assets, "hello");
    scene.clock.move(DAY);
    CollectReport report = collect(assets, Mode.DRY_RUN);
    assertThat(report.assets()).isEqualTo(1);
    assertThat(report.bytes()).isEqualTo(9);
    assertThat(assets.find(id)).isPresent();
    assertThat(scene.objects()).hasSize(1);
  }

  @Test
  void aLegalHoldKeepsWhatNobodyClaimsAndItsGraceBeginsWhenItIsLifted() {
    AssetPipeline assets = idle();
    AssetId id = released(assets, "evidence");
    assertThat(assets.maintenance().hold(id, "case 7")).isTrue();
    assertThat(assets.find(id).orElseThrow().hold().text()).isEqualTo("case 7");
    scene.clock.move(DAY.multipliedBy(3));
    assertThat(collect(assets, Mode.REAL).assets()).isZero();
    PurgeReceipt receipt = assets.maintenance().purge(id);
    assertThat(receipt.purged().outcome()).isEqualTo(Purged.Outcome.HELD);
    assertThat(receipt.deleted()).isZero();
    assertThat(scene.objects()).hasSize(1);
    assertThat(assets.maintenance().unhold(id)).isTrue();
    assertThat(assets.maintenance().unhold(id)).isFalse();
    assertThat(collect(assets, Mode.REAL).assets()).isZero();
    scene.clock.move(DAY);
    assertThat(collect(assets, Mode.REAL).assets()).isEqualTo(1);
    assertThat(assets.maintenance().hold(id, "too late")).isFalse();
  }

  @Test
  void anObjectThatCannotBeDeletedKeepsNoOtherAndIsTriedAgain() {
    AssetPipeline assets = idle();
    for (int i = 0; i < 450; i++) {
      released(assets, "toy " + i);
    }
    Set<StorageKey> stuck = scene.objects().stream().limit(250).collect(Collectors.toSet());
    scene.clock.move(DAY);
    boolean[] broken = {true};
    scene.tap.intercept(
        (name, proceed) -> {
          if (broken[0]
              && name.equals("blobs.delete")
              && stuck.contains(proceed.arguments().get(0))) {
            throw new BlobStoreException("denied", null, true);
          }
          return proceed.now();
        });
    CollectReport report = collect(assets, Mode.REAL);
    assertThat(report.assets()).isEqualTo(450);
    assertThat(report.garbage().objects()).isEqualTo(200);
    assertThat(report.garbage().failed()).isEqualTo(250);
    assertThat(scene.objects()).hasSize(250);
    broken[0] = false;
    assertThat(collect(assets, Mode.REAL).garbage().objects()).isEqualTo(250);
    assertThat(scene.objects()).isEmpty();
  }

  @Test
  void afterARestoreNothingIsCollectedForOneGraceAndNotBeforeAScrubHasPassed() {
    AssetPipeline assets = restored();
    assets.maintenance().scrub(ScrubOptions.full(), finding -> {});
    assets.maintenance().adopt(Mode.REAL, asset -> {});
    isRefusedAsRestored(collect(assets, Mode.REAL));
    scene.clock.move(DAY);
    assertThat(collect(assets, Mode.REAL).assets()).isEqualTo(1);
  }

  @Test
  void aCollectionThatComesFirstAfterARestoreNoticesIt() {
    AssetPipeline assets = restored();
    isRefusedAsRestored(collect(assets, Mode.REAL));
    scene.clock.move(DAY.multipliedBy(2));
    CollectReport refused = collect(assets, Mode.REAL);
    isRefusedAsRestored(refused);
    assertThat(refused.refusal().found()).contains("scrub");
    assets.maintenance().scrub(ScrubOptions.full(), finding -> {});
    assertThat(collect(assets, Mode.REAL).assets()).isEqualTo(1);
  }

  @Test
  void aNodeThatDiedWhileItLookedForARestoreKeepsNoCollectionOut() {
    AssetPipeline assets = idle();
    released(assets, "nobody's");
    scene.clock.move(DAY);
    for (String chore : List.of("mark", "restored")) {
      assertThat(scene.ledger.chores().lease(chore, "dead", DAY)).isPresent();
    }
    assertThat(collect(assets, Mode.REAL).assets()).isEqualTo(1);
    assertThat(
            assets
                .maintenance()
                .sweep(new SweepOptions(Mode.DRY_RUN, SweepOptions.Allowance.BOUNDED), key -> {})
                .refusal())
        .isNull();
    markOfTheFuture();
    assertThatThrownBy(() -> collect(assets, Mode.REAL))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("restored from a backup")
        .matches(e -> ((LedgerException) e).retryable());
  }

  /** A ledger that does not know that something was claimed again, and has not noticed it yet. */
  private AssetPipeline restored() {
    AssetPipeline assets = idle();
    released(assets, "claimed again in what was lost");
    scene.clock.move(DAY);
    markOfTheFuture();
    return assets;
  }

  private void markOfTheFuture() {
    new StrayObjects(scene.blobs)
        .markOfTheFuture(scene.ledger.custody().ledgerId(), scene.clock.instant());
  }

  private static void isRefusedAsRestored(CollectReport report) {
    assertThat(report.assets()).isZero();
    assertThat(report.refusal()).isNotNull();
    assertThat(report.refusal().reason()).isEqualTo(Refusal.Reason.RESTORED);
  }

  @Test
  void aPurgeTakesAllAtOnceWhateverClaimsIt() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "private");
    assets.retain(id, "product/1");
    assets.variant(id, image().width(3)).await(PATIENT);
    PurgeReceipt receipt = assets.maintenance().purge(id);
    assertThat(receipt.purged().outcome()).isEqualTo(Purged.Outcome.PURGED);
    assertThat(receipt.purged().references()).hasSize(2);
    assertThat(receipt.deleted()).isEqualTo(2);
    assertThat(receipt.pending()).isEmpty();
    assertThat(receipt.cachesWithin()).isEqualTo(Duration.ofSeconds(5));
    assertThat(scene.objects()).isEmpty();
    assertThat(assets.find(id)).isEmpty();
    assertThatThrownBy(() -> assets.variant(id, image().width(3)).await(PATIENT))
        .isInstanceOf(AssetGoneException.class);
    assertThat(assets.ingest(Upload.of(toy("private"))).outcome())
        .isEqualTo(Ingested.Outcome.CREATED);
  }

  @Test
  void aPurgeSaysWhichObjectsAreStillThere() {
    AssetPipeline assets = idle();
    AssetId id = assets.ingest(Upload.of(toy("private"))).id();
    scene.tap.interceptOnce(
        "blobs.delete",
        (name, proceed) -> {
          throw new BlobStoreException("unreachable", null, true);
        });
    PurgeReceipt receipt = assets.maintenance().purge(id);
    assertThat(receipt.deleted()).isZero();
    assertThat(receipt.pending()).isEqualTo(scene.objects());
    assertThat(collect(assets, Mode.REAL).garbage().objects()).isEqualTo(1);
    assertThat(scene.objects()).isEmpty();
  }

  @Test
  void aPurgeOfWhatIsNotThereSaysSo() {
    AssetId nobody = AssetId.of(Digest.ofContent(toy("nobody")));
    assertThat(idle().maintenance().purge(nobody).purged().outcome())
        .isEqualTo(Purged.Outcome.ABSENT);
  }

  @Test
  void theLeastUsedVariantsGoFirstUntilTheOthersFit() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId popular = inspected(assets, "popular");
    AssetId unloved = inspected(assets, "unloved");
    ReadyVariant wanted = assets.variant(popular, image().width(4)).await(PATIENT);
    ReadyVariant other = assets.variant(unloved, image().width(4)).await(PATIENT);
    for (int i = 0; i < 100_000; i++) {
      wanted.open().close();
    }
    assets.custodian().tellUses();
    Duration hour = Duration.ofHours(1);
    EvictOptions real = new EvictOptions(4, hour, Mode.REAL);
    EvictReport early = assets.maintenance().evict(real, variant -> {});
    assertThat(early.variants()).as("used within the hour").isZero();
    assertThat(early.isOver()).isTrue();
    scene.leaveToAnotherNode("collect");
    scene.clock.move(hour);
    EvictReport dry =
        assets.maintenance().evict(new EvictOptions(4, hour, Mode.DRY_RUN), variant -> {});
    assertThat(dry.variants()).isEqualTo(1);
    assertThat(scene.variantObjects()).hasSize(2);
    List<Evictable> told = new ArrayList<>();
    EvictReport report = assets.maintenance().evict(real, told::add);
    assertThat(report.before()).isEqualTo(8);
    assertThat(report.bytes()).isEqualTo(4);
    assertThat(report.isOver()).isFalse();
    assertThat(told)
        .extracting(v -> v.key().parts().orElseThrow().asset())
        .containsExactly(unloved);
    assertThat(scene.variantObjects()).hasSize(1);
    assertThat(text(other)).as("made again").isEqualTo("UNLO");
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.custody.Finding;
import dev.hfsm.custody.MigrateListener;
import dev.hfsm.custody.MigrateOptions;
import dev.hfsm.custody.MigrateReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.custody.StoreIdentity;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.store.DualReadBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the ledger names is moved to another store, all of it, sound, while the pipeline lives. */
@Timeout(300)
class MigrateTest {

  @TempDir Path spool;
  private final InMemoryBlobStore target = new InMemoryBlobStore();
  private final Tap onTarget = new Tap();
  private final BlobStore tapped = onTarget.over(target);
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

  private MigrateReport migrate() {
    return migrate(Mode.REAL, MigrateListener.none());
  }

  private MigrateReport migrate(Mode mode, MigrateListener listener) {
    return assets.maintenance().migrate(tapped, new MigrateOptions(mode, 3), listener);
  }

  private StorageKey keyOf(AssetId id) {
    return assets.find(id).orElseThrow().key();
  }

  private static List<StorageKey> objects(BlobStore store) {
    return store.list("", Cursor.START, 10_000).items().stream()
        .filter(key -> key.parts().isPresent())
        .toList();
  }

  @Test
  void originalsAndVariantsAreCopiedAndOrphansAreNot() throws IOException {
    AssetId id = inspected(assets, "hello");
    inspected(assets, "world");
    assets.variant(id, image().width(3)).await(PATIENT);
    strays.original(new byte[] {1, 2, 3}, scene.clock.instant());
    List<Long> told = new ArrayList<>();
    MigrateReport report =
        migrate(
            Mode.REAL,
            new MigrateListener() {
              @Override
              public void planned(long blobs, long bytes) {
                told.add(bytes);
              }

              @Override
              public void copied(long bytes) {
                told.add(-bytes);
              }
            });
    assertThat(report.isComplete()).isTrue();
    assertThat(report.blobs()).isEqualTo(3);
    assertThat(report.copied()).isEqualTo(3);
    assertThat(report.copiedBytes()).isEqualTo(9 + 9 + 3).isEqualTo(report.bytes());
    assertThat(told).hasSize(4).startsWith(21L);
    assertThat(told.stream().mapToLong(Long::longValue).sum()).isZero();
    assertThat(objects(target)).hasSize(3);

    AssetPipeline moved = scene.built(AssetPipeline.builder().ledger(scene.ledger).blobs(target));
    assertThat(text(moved.open(id))).isEqualTo("toy:hello");
    assertThat(moved.maintenance().scrub(ScrubOptions.full(), f -> {}).isClean()).isTrue();
    moved.ingest(Upload.of(toy("the new store is this ledger's")));
  }

  @Test
  void aDryRunCountsAndWritesNothing() {
    inspected(assets, "hello");
    MigrateReport report = migrate(Mode.DRY_RUN, MigrateListener.none());
    assertThat(report.left()).isEqualTo(1);
    assertThat(report.leftBytes()).isEqualTo(9);
    assertThat(report.isComplete()).isFalse();
    assertThat(target.list("", Cursor.START, 10).items()).isEmpty();
  }

  @Test
  void whatBrokeOffGoesOnWithWhatIsLeft() {
    for (int i = 0; i < 40; i++) {
      assets.ingest(Upload.of(toy("number " + i)));
    }
    AtomicInteger puts = new AtomicInteger();
    Thread caller = Thread.currentThread();
    onTarget.intercept(
        (name, proceed) -> {
          if (isCopy(name, proceed) && puts.incrementAndGet() > 10) {
            caller.interrupt();
            hang();
          }
          return proceed.now();
        });
    assertThatThrownBy(this::migrate)
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("migrate again");
    assertThat(Thread.interrupted()).isTrue();
    onTarget.intercept((name, proceed) -> proceed.now());
    int there = objects(target).size();
    assertThat(there).isEqualTo(10);
    MigrateReport report = migrate();
    assertThat(report.isComplete()).isTrue();
    assertThat(report.present()).isEqualTo(10);
    assertThat(report.copied()).isEqualTo(30);
    assertThat(objects(target)).containsExactlyElementsOf(scene.objects());
    assertThat(migrate().copied()).isZero();
  }

  private static boolean isCopy(String name, Tap.Proceed proceed) {
    return name.equals("blobs.put")
        && ((StorageKey) proceed.arguments().get(0)).parts().isPresent();
  }

  /** As a store that does not answer, until the thread is interrupted. */
  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BlobStoreException("interrupted, as told", e, true);
    }
  }

  @Test
  void whatIsDamagedOrMissingIsNamedAndNotCopiedAsGood() throws IOException {
    AssetId damaged = inspected(assets, "hello");
    AssetId missing = inspected(assets, "gone");
    inspected(assets, "sound");
    strays.garble(keyOf(damaged));
    scene.blobs.delete(keyOf(missing));
    List<Finding> told = new ArrayList<>();
    MigrateReport report =
        migrate(
            Mode.REAL,
            new MigrateListener() {
              @Override
              public void found(Finding finding) {
                told.add(finding);
              }
            });
    assertThat(report.isComplete()).isFalse();
    assertThat(report.damaged()).isEqualTo(1);
    assertThat(report.missing()).isEqualTo(1);
    assertThat(report.copied()).isEqualTo(1);
    assertThat(report.left()).isEqualTo(2);
    assertThat(told).extracting(Finding::asset).containsExactlyInAnyOrder(damaged, missing);
    assertThat(report.examples()).hasSameElementsAs(told);
    assertThat(target.stat(keyOf(damaged))).isEmpty();

    assets.maintenance().scrub(ScrubOptions.full(), f -> {});
    assets.ingest(Upload.of(toy("gone")));
    assets.ingest(Upload.of(toy("hello")));
    assertThat(migrate().isComplete()).as("after the lost bytes were brought again").isTrue();
  }

  @Test
  void uploadsWhileItRunsAreCopiedAsWell() {
    for (int i = 0; i < 10; i++) {
      assets.ingest(Upload.of(toy("before " + i)));
    }
    AtomicInteger more = new AtomicInteger();
    onTarget.intercept(
        (name, proceed) -> {
          if (isCopy(name, proceed) && more.get() < 25) {
            assets.ingest(Upload.of(toy("meanwhile " + more.incrementAndGet())));
          }
          return proceed.now();
        });
    MigrateReport report = migrate();
    assertThat(report.isComplete()).isTrue();
    assertThat(report.blobs()).isEqualTo(10 + more.get());
    assertThat(objects(target)).containsExactlyElementsOf(scene.objects());
  }

  @Test
  void whatIsPurgedWhileItIsCopiedDoesNotStay() {
    AssetId id = inspected(assets, "hello");
    AtomicReference<AssetId> purged = new AtomicReference<>();
    onTarget.intercept(
        (name, proceed) -> {
          boolean copying = isCopy(name, proceed);
          Object result = proceed.now();
          if (copying && purged.compareAndSet(null, id)) {
            assets.maintenance().purge(id);
          }
          return result;
        });
    MigrateReport report = migrate();
    assertThat(purged).hasValue(id);
    assertThat(report.isComplete()).isTrue();
    assertThat(objects(target)).isEmpty();
  }

  @Test
  void aStoreThatFailsNowAndThenIsAskedAgainAndOneThatIsDownEndsIt() {
    for (int i = 0; i < 60; i++) {
      assets.ingest(Upload.of(toy("number " + i)));
    }
    AtomicInteger puts = new AtomicInteger();
    Set<Object> failed = ConcurrentHashMap.newKeySet(); // each once: three times would be enough
    onTarget.intercept(
        (name, proceed) -> {
          if (isCopy(name, proceed)
              && puts.incrementAndGet() % 5 == 0
              && failed.add(proceed.arguments().get(0))) {
            throw new BlobStoreException("busy, as told", null, true);
          }
          return proceed.now();
        });
    assertThat(migrate().isComplete()).isTrue();

    InMemoryBlobStore empty = new InMemoryBlobStore();
    Tap tap = new Tap();
    tap.intercept(
        (name, proceed) -> {
          if (isCopy(name, proceed)) {
            throw new BlobStoreException("down, as told", null, true);
          }
          return proceed.now();
        });
    assertThatThrownBy(
            () ->
                assets
                    .maintenance()
                    .migrate(
                        tap.over(empty), new MigrateOptions(Mode.REAL, 2), MigrateListener.none()))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("down, as told")
        .hasMessageContaining("migrate again");
  }

  @Test
  void anotherLedgersStoreIsNeitherReadNorWritten() {
    inspected(assets, "hello");
    InMemoryLedger other = new InMemoryLedger(scene.clock);
    new StoreIdentity(other, target, new Random(1)).require();
    for (Mode mode : Mode.values()) {
      assertThatThrownBy(() -> migrate(mode, MigrateListener.none()))
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining(other.custody().ledgerId());
    }
    assertThat(objects(target)).isEmpty();
    AssetPipeline wrong = scene.built(AssetPipeline.builder().ledger(scene.ledger).blobs(target));
    assertThatThrownBy(
            () ->
                wrong
                    .maintenance()
                    .migrate(
                        new InMemoryBlobStore(),
                        new MigrateOptions(Mode.REAL, 1),
                        MigrateListener.none()))
        .isInstanceOf(BlobStoreException.class);
  }

  @Test
  void marksOfTheLedgerGoAlongSoThatARestoreIsStillNoticed() {
    inspected(assets, "hello");
    strays.markOfTheFuture(scene.ledger.custody().ledgerId(), scene.clock.instant());
    migrate();
    assertThat(target.list("hfsm/mark/", Cursor.START, 10).items())
        .containsAll(scene.blobs.list("hfsm/mark/", Cursor.START, 10).items());
  }

  @Test
  void nodesMoveOverOneByOneAndNothingIsEverMissing() throws IOException {
    AssetId before = inspected(assets, "before");
    assets.close();
    // First every node reads the new store as well, then every node writes it: in each step, old
    // and new nodes find each other's blobs.
    AssetPipeline reading = node(DualReadBlobStore.of(scene.blobs, target));
    AssetPipeline writing = node(DualReadBlobStore.of(target, scene.blobs));
    AssetId one = reading.ingest(Upload.of(toy("by a node that reads"))).id();
    AssetId two = writing.ingest(Upload.of(toy("by a node that writes"))).id();
    for (AssetPipeline node : List.of(reading, writing)) {
      assertThat(text(node.open(before))).isEqualTo("toy:before");
      assertThat(text(node.open(one))).isEqualTo("toy:by a node that reads");
      assertThat(text(node.open(two))).isEqualTo("toy:by a node that writes");
    }
    assets = scene.built(AssetPipeline.builder().ledger(scene.ledger).blobs(scene.blobs));
    MigrateReport report = migrate();
    assertThat(report.isComplete()).isTrue();
    assertThat(report.present()).as("was written there").isEqualTo(1);
    AssetPipeline moved = node(target);
    for (AssetId id : List.of(before, one, two)) {
      assertThat(text(moved.open(id))).startsWith("toy:");
    }
    assertThat(moved.maintenance().scrub(ScrubOptions.full(), f -> {}).isClean()).isTrue();
  }

  private AssetPipeline node(BlobStore blobs) {
    return scene.built(
        AssetPipeline.builder().ledger(scene.ledger).blobs(blobs).clock(scene.clock));
  }
}

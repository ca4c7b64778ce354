package dev.hfsm;

import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.custody.Finding;
import dev.hfsm.custody.MigrateListener;
import dev.hfsm.custody.MigrateOptions;
import dev.hfsm.custody.MigrateReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.StorageKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the new store already, and who knows from where. */
@Timeout(300)
class MigratePresentTest {

  @TempDir Path spool;
  private final InMemoryBlobStore target = new InMemoryBlobStore();
  private final StrayObjects strays = new StrayObjects(target);
  private final Tap onTarget = new Tap();
  private final List<Finding> told = new ArrayList<>();
  private Scene scene;
  private AssetPipeline assets;
  private AssetId id;
  private StorageKey key;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    assets = scene.built(AssetPipeline.builder().ledger(scene.ledger).blobs(scene.blobs));
    id = assets.ingest(Upload.of(toy("hello"))).id();
    key = scene.ledger.reader().asset(id).orElseThrow().key();
    assets.ingest(Upload.of(toy("world")));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private MigrateReport migrate(Mode mode) {
    return assets
        .maintenance()
        .migrate(
            onTarget.over(target),
            new MigrateOptions(mode, 2),
            new MigrateListener() {
              @Override
              public void found(Finding finding) {
                told.add(finding);
              }
            });
  }

  @Test
  void anObjectOfAnotherSizeIsNamedAndNeitherCountedAsThereNorOverwritten() {
    strays.put(key, toy("cut off"));
    for (Mode mode : List.of(Mode.DRY_RUN, Mode.REAL)) {
      told.clear();
      MigrateReport report = migrate(mode);
      assertThat(report.isComplete()).isFalse();
      assertThat(report.present()).isZero();
      assertThat(report.mismatched()).isEqualTo(1);
      assertThat(told).extracting(Finding::key).containsExactly(key);
      assertThat(told.get(0).message()).contains("expected 9 bytes, found 11", "new store");
      assertThat(report.examples()).isEqualTo(told);
      assertThat(target.stat(key)).contains(new BlobStat(11));
    }
    target.delete(key);
    assertThat(migrate(Mode.REAL).isComplete()).isTrue();
    assertThat(target.stat(key)).contains(new BlobStat(9));
  }

  @Test
  void oneOfTheRightSizeIsPassedOverAndCounted() {
    strays.put(key, toy("hallo"));
    MigrateReport report = migrate(Mode.REAL);
    assertThat(report.isComplete()).isTrue();
    assertThat(report.present()).isEqualTo(1);
    assertThat(report.mismatched()).isZero();
    assertThat(told).isEmpty();
  }

  @Test
  void aStoreThatFailsNowAndThenIsAskedForASizeAgain() {
    strays.put(key, toy("cut off"));
    AtomicInteger asked = new AtomicInteger();
    onTarget.intercept(
        (name, proceed) -> {
          if (name.equals("blobs.stat")
              && proceed.arguments().get(0).equals(key)
              && Thread.currentThread().getName().equals("hfsm-migrate")
              && asked.incrementAndGet() < 3) {
            throw new BlobStoreException("busy, as told", null, true);
          }
          return proceed.now();
        });
    assertThat(migrate(Mode.REAL).mismatched()).isEqualTo(1);
    assertThat(asked).hasValue(3);
  }
}

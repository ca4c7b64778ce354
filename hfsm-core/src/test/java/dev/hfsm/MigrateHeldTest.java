package dev.hfsm;

import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.custody.Finding;
import dev.hfsm.custody.MigrateListener;
import dev.hfsm.custody.MigrateOptions;
import dev.hfsm.custody.MigrateReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.store.ExpectedDigests;
import dev.hfsm.store.VerifyingBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a hold keeps although an upload has replaced it goes along when a store is moved. */
@Timeout(300)
class MigrateHeldTest {

  @TempDir Path spool;
  private final InMemoryBlobStore target = new InMemoryBlobStore();
  private Scene scene;
  private AssetPipeline assets;
  private AssetId id;
  private StorageKey replaced;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    assets = scene.built(AssetPipeline.builder().ledger(scene.ledger).blobs(scene.blobs));
    id = assets.ingest(Upload.of(toy("evidence"))).id();
    replaced = current();
    assets.maintenance().hold(id, "case 1");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private StorageKey current() {
    return scene.ledger.reader().asset(id).orElseThrow().key();
  }

  /** Notes the damage as a scrub does, and heals it as an upload does. */
  private void replace() {
    assets.maintenance().scrub(ScrubOptions.full(), finding -> {});
    assets.ingest(Upload.of(toy("evidence")));
    assertThat(current()).isNotEqualTo(replaced);
  }

  private MigrateReport migrate(AssetPipeline pipeline, Mode mode, List<Finding> told) {
    return pipeline
        .maintenance()
        .migrate(
            target,
            new MigrateOptions(mode, 2),
            new MigrateListener() {
              @Override
              public void found(Finding finding) {
                told.add(finding);
              }
            });
  }

  private MigrateReport migrate(Mode mode) {
    return migrate(assets, mode, new ArrayList<>());
  }

  private static byte[] bytes(BlobStore store, StorageKey key) throws IOException {
    try (InputStream in = store.open(key, ByteRange.ALL)) {
      return in.readAllBytes();
    }
  }

  @Test
  void damagedBytesUnderAHoldAreCopiedAsTheyAre() throws IOException {
    new StrayObjects(scene.blobs).garble(replaced);
    replace();
    byte[] damaged = bytes(scene.blobs, replaced);

    MigrateReport planned = migrate(Mode.DRY_RUN);
    assertThat(planned.left()).isEqualTo(2);
    assertThat(planned.leftBytes()).isEqualTo(2L * damaged.length).isEqualTo(planned.bytes());

    MigrateReport report = migrate(Mode.REAL);
    assertThat(report.isComplete()).isTrue();
    assertThat(report.copied()).isEqualTo(2).isEqualTo(report.blobs());
    assertThat(bytes(target, replaced)).isEqualTo(damaged);
    assertThat(bytes(target, current())).isEqualTo(toy("evidence"));
    assertThat(migrate(Mode.REAL).present()).as("passed over the next time").isEqualTo(2);
  }

  @Test
  void damagedBytesAreGarbageLikeAnyOnceTheHoldIsLifted() throws IOException {
    new StrayObjects(scene.blobs).garble(replaced);
    replace();
    assets.maintenance().unhold(id);
    MigrateReport report = migrate(Mode.REAL);
    assertThat(report.isComplete()).isTrue();
    assertThat(report.blobs()).isEqualTo(1);
    assertThat(target.stat(replaced)).isEmpty();
  }

  @Test
  void whereNothingLiesAHoldKeepsNothing() {
    scene.blobs.delete(replaced);
    replace();
    MigrateReport report = migrate(Mode.REAL);
    assertThat(report.isComplete()).isTrue();
    assertThat(report.blobs()).isEqualTo(1);
  }

  @Test
  void whatAHoldKeepsAndTheStoreRefusesToReadIsNamedAndNotCalledComplete() throws IOException {
    new StrayObjects(scene.blobs).garble(replaced);
    replace();
    AssetPipeline verifying =
        scene.built(
            AssetPipeline.builder()
                .ledger(scene.ledger)
                .blobs(VerifyingBlobStore.over(scene.blobs, ExpectedDigests.inKeys())));
    List<Finding> told = new ArrayList<>();
    MigrateReport report = migrate(verifying, Mode.REAL, told);
    assertThat(report.isComplete()).isFalse();
    assertThat(report.left()).isEqualTo(1).isEqualTo(report.damaged());
    assertThat(told).extracting(Finding::key).containsExactly(replaced);
    assertThat(told.get(0).message()).contains("hold");
  }
}

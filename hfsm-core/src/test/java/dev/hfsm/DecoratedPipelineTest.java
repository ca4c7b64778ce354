package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.text;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.custody.Finding;
import dev.hfsm.custody.MigrateListener;
import dev.hfsm.custody.MigrateOptions;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.ScrubReport;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.store.CachingBlobStore;
import dev.hfsm.store.EncryptedBlobStore;
import dev.hfsm.store.EncryptionKey;
import dev.hfsm.store.EncryptionKeys;
import dev.hfsm.store.ExpectedDigests;
import dev.hfsm.store.VerifyingBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline over stores made of stores: what is damaged is noticed, what is not is left alone. */
@Timeout(300)
class DecoratedPipelineTest {

  private static final EncryptionKeys KEYS = EncryptionKeys.of(key("one", 1));

  @TempDir Path folder;
  private final MovableClock clock = new MovableClock();
  private final InMemoryLedger ledger = new InMemoryLedger(clock);
  private final InMemoryBlobStore disk = new InMemoryBlobStore();
  private final StrayObjects onDisk = new StrayObjects(disk);
  private final List<AssetPipeline> open = new CopyOnWriteArrayList<>();

  private static EncryptionKey key(String id, int fill) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) fill);
    return EncryptionKey.of(id, secret);
  }

  private PipelineBuilder over(BlobStore blobs) {
    return AssetPipeline.builder()
        .ledger(ledger)
        .blobs(blobs)
        .clock(clock)
        .spool(folder.resolve("spool"))
        .workers(2)
        .transformer(new ToyTransformer());
  }

  private AssetPipeline built(BlobStore blobs) {
    AssetPipeline pipeline = over(blobs).build();
    open.add(pipeline);
    return pipeline;
  }

  private AssetPipeline started(BlobStore blobs) {
    AssetPipeline pipeline = built(blobs).start();
    return pipeline;
  }

  @AfterEach
  void close() {
    open.forEach(AssetPipeline::close);
  }

  private static ScrubReport scrub(AssetPipeline pipeline) {
    return pipeline.maintenance().scrub(ScrubOptions.full(), finding -> {});
  }

  private StorageKey keyOf(AssetPipeline pipeline, AssetId id) {
    return pipeline.find(id).orElseThrow().key();
  }

  @Test
  void theWholeLifeOfAnAssetWorksThroughVerifiedEncryption() throws IOException {
    BlobStore store =
        VerifyingBlobStore.over(
            EncryptedBlobStore.over(disk, KEYS), ExpectedDigests.inLedger(ledger.reader()));
    AssetPipeline assets = started(store);
    AssetId id = Scene.inspected(assets, "hello");
    assertThat(text(assets.variant(id, image().width(3)).await(PATIENT))).isEqualTo("HEL");
    assertThat(text(assets.open(id))).isEqualTo("toy:hello");
    assertThat(scrub(assets).isClean()).isTrue();
    for (StorageKey each : disk.list("raw/", Cursor.START, 10).items()) {
      onDisk.garble(each);
    }
    for (StorageKey each : disk.list("var/", Cursor.START, 10).items()) {
      onDisk.garble(each);
    }
    assertThatThrownBy(() -> text(assets.open(id))).isInstanceOf(IntegrityException.class);
    ScrubReport report = scrub(assets);
    assertThat(report.originals()).isEqualTo(1);
    assertThat(report.variants()).isEqualTo(1);
    assertThat(report.examples()).extracting(Finding::kind).containsOnly(Finding.Kind.DAMAGED);
    assets.ingest(Upload.of(toy("hello")));
    assertThat(text(assets.open(id))).isEqualTo("toy:hello");
  }

  @Test
  void aWorkerThatMeetsDamageNotesItSoThatTheNextUploadHeals() throws IOException {
    BlobStore store = EncryptedBlobStore.over(disk, KEYS);
    AssetPipeline assets = started(store);
    AssetId id = Scene.inspected(assets, "hello");
    onDisk.garble(keyOf(assets, id));
    assertThatThrownBy(() -> assets.variant(id, image().width(3)).await(PATIENT))
        .hasMessageContaining("damaged");
    assertThat(assets.find(id).orElseThrow().damage()).isNotNull();
    assets.ingest(Upload.of(toy("hello")));
    assertThat(assets.find(id).orElseThrow().damage()).isNull();
  }

  @Test
  void aVariantThatIsDamagedIsNotGivenOutToItsEnd() throws IOException {
    BlobStore store = VerifyingBlobStore.over(disk, ExpectedDigests.inLedger(ledger.reader()));
    AssetPipeline assets = started(store);
    AssetId id = Scene.inspected(assets, "hello");
    ReadyVariant variant = assets.variant(id, image().width(3)).await(PATIENT);
    onDisk.garble(disk.list("var/", Cursor.START, 10).items().get(0));
    assertThatThrownBy(() -> text(variant)).isInstanceOf(IntegrityException.class);
  }

  @Test
  void aKeyThatIsMissingIsNotTakenForDamage() {
    AssetPipeline before = started(EncryptedBlobStore.over(disk, KEYS));
    AssetId id = Scene.inspected(before, "hello");
    before.close();
    EncryptionKeys other = EncryptionKeys.of(key("two", 2));
    AssetPipeline without = built(EncryptedBlobStore.over(disk, other));
    ScrubReport report = scrub(without);
    assertThat(report.originals()).isZero();
    assertThat(report.unreadable()).isEqualTo(1);
    assertThat(report.examples().get(0).message()).contains("one named one");
    assertThat(without.find(id).orElseThrow().damage()).isNull();

    AssetPipeline rotated =
        built(EncryptedBlobStore.over(disk, EncryptionKeys.of(key("two", 2), key("one", 1))));
    rotated.ingest(Upload.of(toy("with the new key")));
    assertThat(scrub(rotated).isClean()).isTrue();
  }

  @Test
  void aStoreThatIsLookedAtThroughTheWrongDecoratorsIsNotScrubbed() {
    AssetPipeline encrypted = built(EncryptedBlobStore.over(disk, KEYS));
    AssetId id = encrypted.ingest(Upload.of(toy("hello"))).id();
    AssetPipeline plain = built(disk);
    assertThatThrownBy(() -> scrub(plain))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("encryption");
    assertThat(plain.find(id).orElseThrow().damage()).isNull();

    InMemoryBlobStore clear = new InMemoryBlobStore();
    built(clear).maintenance().takeStore();
    assertThatThrownBy(() -> scrub(built(EncryptedBlobStore.over(clear, KEYS))))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("encryption");
  }

  @Test
  void copiesFromBeforeDoNotHideThatDecoratorsAreWrong() {
    InMemoryBlobStore clear = new InMemoryBlobStore();
    CachingBlobStore before = CachingBlobStore.open(clear, folder.resolve("cache"), 1 << 20);
    AssetId id;
    try (AssetPipeline pipeline = over(before).build()) {
      id = pipeline.ingest(Upload.of(toy("hello"))).id();
      assertThat(scrub(pipeline).isClean()).isTrue();
    }
    before.close();
    try (CachingBlobStore wrong =
        CachingBlobStore.open(
            EncryptedBlobStore.over(clear, KEYS), folder.resolve("cache"), 1 << 20)) {
      AssetPipeline pipeline = built(wrong);
      assertThatThrownBy(() -> scrub(pipeline))
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining("encryption");
      assertThat(pipeline.find(id).orElseThrow().damage()).isNull();
    }
  }

  @Test
  void whatWasPlainIsEncryptedByMigrating() throws IOException {
    AssetPipeline plain = built(disk);
    AssetId id = plain.ingest(Upload.of(toy("hello"))).id();
    InMemoryBlobStore target = new InMemoryBlobStore();
    BlobStore encrypted = EncryptedBlobStore.over(target, KEYS);
    assertThat(
            plain
                .maintenance()
                .migrate(encrypted, new MigrateOptions(Mode.REAL, 2), MigrateListener.none())
                .isComplete())
        .isTrue();
    AssetPipeline moved = built(encrypted);
    assertThat(text(moved.open(id))).isEqualTo("toy:hello");
    assertThat(scrub(moved).isClean()).isTrue();
  }

  @Test
  void aScrubSeesPastCopies() throws IOException {
    AssetPipeline assets = built(CachingBlobStore.open(disk, folder.resolve("cache"), 1 << 20));
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    assertThat(text(assets.open(id))).isEqualTo("toy:hello");
    disk.delete(keyOf(assets, id));
    assertThat(text(assets.open(id))).as("still near").isEqualTo("toy:hello");
    assertThat(scrub(assets).originals()).isEqualTo(1);
  }

  @Test
  void copiesOfWhatAnotherNodePurgedGoWithTheNextChore() throws Exception {
    AssetPipeline other = built(disk);
    AssetId id = other.ingest(Upload.of(toy("hello"))).id();
    CachingBlobStore cache = CachingBlobStore.open(disk, folder.resolve("cache"), 1 << 20);
    try (AssetPipeline reader = over(cache).build()) {
      assertThat(text(reader.open(id))).isEqualTo("toy:hello");
    }
    other.maintenance().purge(id);
    assertThat(cache.bytes()).isPositive();
    CountDownLatch asked = new CountDownLatch(1);
    Tap tap = new Tap();
    tap.intercept(
        (name, proceed) -> {
          Object answer = proceed.now();
          if (name.equals("collector.named")) {
            asked.countDown();
          }
          return answer;
        });
    try (AssetPipeline node =
        AssetPipeline.builder().ledger(tap.over(ledger)).blobs(cache).clock(clock).start()) {
      asked.await();
      node.close(); // waits for the chore
    }
    assertThat(cache.bytes()).isZero();
  }
}

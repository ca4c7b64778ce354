package dev.hfsm.s3;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.CollectReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.Refusal;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.ScrubReport;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.internal.chores.ChoreNote;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Chore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Format;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** The life of an asset whose bytes are in a bucket. */
@Timeout(600)
class PipelineOnS3Test {

  private static final Duration PATIENT = Duration.ofMinutes(3);

  @TempDir static Path folder;
  @TempDir Path spool;
  private static TestServer server;

  private final InMemoryLedger ledger = new InMemoryLedger(InstantSource.system());
  private S3Config config;
  private S3BlobStore store;
  private AssetPipeline assets;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.onDisk(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() {
    config = server.freshBucket().prefix("assets");
    store = S3BlobStore.open(config, TestServer.credentials());
    sweepWasDone();
    leaveCollectingToTheTests();
    assets =
        AssetPipeline.builder()
            .ledger(ledger)
            .blobs(store)
            .transformer(new ImageTransformer())
            .spool(spool.resolve("spool"))
            .start();
  }

  /** So that what is to be swept here is not swept by the scheduled one, whenever that begins. */
  private void sweepWasDone() {
    Chore sweep = ledger.chores().lease("sweep", "test", Duration.ofHours(1)).orElseThrow();
    ledger.chores().note(sweep, ChoreNote.NONE.finished(Instant.now()).toString());
    ledger.chores().release(sweep);
  }

  /** Whoever collects by hand takes no turns with the scheduled one, which may clear first. */
  private void leaveCollectingToTheTests() {
    ledger.chores().lease("collect", "test", Duration.ofDays(1)).orElseThrow();
  }

  /** Does it once it is nobody else's turn: the scheduled chores look now and then. */
  private static <R> R inTurn(Supplier<R> turn, Function<R, @Nullable Refusal> refusal) {
    R report = turn.get();
    for (Refusal refused = refusal.apply(report);
        refused != null && refused.reason() == Refusal.Reason.BUSY;
        refused = refusal.apply(report)) {
      report = turn.get();
    }
    return report;
  }

  private CollectReport collect() {
    return assets.maintenance().collect(new CollectOptions(Duration.ZERO, Mode.REAL), each -> {});
  }

  @AfterEach
  void close() {
    assets.close();
    store.close();
  }

  private static byte[] picture(int shade) {
    BufferedImage image = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 200; y++) {
      for (int x = 0; x < 300; x++) {
        image.setRGB(x, y, (x * 256 / 300) << 16 | (y * 256 / 200) << 8 | shade);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return png.toByteArray();
  }

  private List<StorageKey> objects() {
    return store.list("", Cursor.START, 1000).items().stream()
        .filter(key -> key.parts().isPresent())
        .toList();
  }

  @Test
  void anAssetComesInIsDerivedReleasedAndCollected() throws IOException {
    Ingested photo = assets.ingest(Upload.of(picture(7)).as("product/1/hero"));
    assertThat(photo.outcome()).isEqualTo(Ingested.Outcome.CREATED);
    assertThat(assets.ingest(Upload.of(picture(7))).outcome())
        .isEqualTo(Ingested.Outcome.DUPLICATE);

    ByteArrayOutputStream thumb = new ByteArrayOutputStream();
    assets
        .variant(photo.id(), image().cover(32, 32).format(Format.PNG))
        .await(PATIENT)
        .transferTo(thumb);
    assertThat(ImageIO.read(new ByteArrayInputStream(thumb.toByteArray())).getWidth())
        .isEqualTo(32);
    assertThat(objects()).as("an original and a variant").hasSize(2);
    StorageKey variant = objects().get(1);
    assertThat(
            server
                .admin()
                .headObject(r -> r.bucket(config.bucket()).key("assets/" + variant))
                .contentType())
        .isEqualTo("image/png");

    assets.releaseAll(photo.id());
    assertThat(collect().garbage().objects()).isEqualTo(2);
    assertThat(objects()).isEmpty();
    assertThat(assets.find(photo.id())).isEmpty();
  }

  @Test
  void orphansAreSweptAndWhatIsNamedStays() {
    AssetId kept = assets.ingest(Upload.of(picture(8))).id();
    Instant longAgo = Instant.now().minus(Duration.ofDays(3));
    for (int i = 0; i < 5; i++) {
      byte[] bytes = {1, 2, (byte) i};
      BlobRef blob = new BlobRef(Digest.ofContent(bytes), 3);
      store.put(
          StorageKey.raw(AssetId.of(blob.digest()), Stamp.of(longAgo, new Random(i))),
          blob,
          ByteSource.of(bytes));
    }
    SweepOptions real = new SweepOptions(Mode.REAL, SweepOptions.Allowance.BOUNDED);
    SweepReport swept =
        inTurn(() -> assets.maintenance().sweep(real, key -> {}), SweepReport::refusal);
    assertThat(swept.deleted()).isEqualTo(5);
    assertThat(objects()).containsExactly(assets.find(kept).orElseThrow().key());
  }

  @Test
  void anObjectThatWasChangedBehindOurBackIsFoundByAScrubAndHealed() {
    AssetId id = assets.ingest(Upload.of(picture(9))).id();
    AssetRow row = assets.find(id).orElseThrow();
    byte[] changed = picture(9);
    changed[changed.length / 2] ^= 1;
    server
        .admin()
        .putObject(
            r -> r.bucket(config.bucket()).key("assets/" + row.key()),
            RequestBody.fromBytes(changed));

    ScrubReport report = assets.maintenance().scrub(ScrubOptions.full(), finding -> {});
    assertThat(report.originals()).as("damaged originals").isEqualTo(1);
    assertThatThrownBy(() -> assets.open(id)).isInstanceOf(IntegrityException.class);

    assets.ingest(Upload.of(picture(9)));
    assertThat(assets.maintenance().scrub(ScrubOptions.full(), finding -> {}).isClean()).isTrue();
  }

  @Test
  void anObjectThatIsGoneIsFoundByAScrub() {
    AssetId id = assets.ingest(Upload.of(picture(10))).id();
    store.delete(assets.find(id).orElseThrow().key());
    assertThat(assets.maintenance().scrub(ScrubOptions.full(), finding -> {}).originals())
        .isEqualTo(1);
  }

  @Test
  void aSecondLedgerIsKeptOutOfTheBucket() {
    assets.ingest(Upload.of(picture(11)));
    assertThatThrownBy(
            () ->
                AssetPipeline.builder()
                    .ledger(new InMemoryLedger(InstantSource.system()))
                    .blobs(store)
                    .start())
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("two ledgers must not share a store");
  }
}

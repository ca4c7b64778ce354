package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One store in a bucket and another in a folder of it. */
class NestedPrefixTest {

  private static final byte[] INNER = "kept in the folder".getBytes(StandardCharsets.UTF_8);
  private static final byte[] ORPHAN = "never admitted".getBytes(StandardCharsets.UTF_8);
  private static final SweepOptions REAL = new SweepOptions(Mode.REAL, Allowance.BOUNDED);

  private static TestServer server;

  @TempDir Path spool;
  private Instant now = Instant.now();
  private S3BlobStore bucket;
  private S3BlobStore shop;
  private AssetPipeline outer;
  private AssetPipeline inner;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.inMemory();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() {
    S3Config config = server.freshBucket();
    bucket = S3BlobStore.open(config, TestServer.credentials());
    shop = S3BlobStore.open(config.prefix("shop"), TestServer.credentials());
    outer = pipeline(bucket, "outer");
    inner = pipeline(shop, "inner");
  }

  private AssetPipeline pipeline(S3BlobStore store, String name) {
    return AssetPipeline.builder()
        .ledger(new InMemoryLedger(() -> now))
        .blobs(store)
        .clock(() -> now)
        .spool(spool.resolve(name))
        .build();
  }

  @AfterEach
  void close() {
    inner.close();
    outer.close();
    shop.close();
    bucket.close();
  }

  private void orphan(String scope) {
    BlobRef blob = new BlobRef(Digest.ofContent(ORPHAN), ORPHAN.length);
    AssetId id = new AssetId(Scope.of(scope), blob.digest());
    bucket.put(StorageKey.raw(id, Stamp.of(now, new Random(3))), blob, ByteSource.of(ORPHAN));
  }

  @Test
  void whatLiesInTheFolderIsNeitherSweptNorAdoptedFromTheBucket() throws Exception {
    outer.ingest(Upload.of(new byte[] {1}));
    AssetId kept = inner.ingest(Upload.of(INNER)).id();
    orphan("tenant");
    now = now.plus(Duration.ofHours(25));

    assertThat(outer.maintenance().adopt(Mode.DRY_RUN, id -> {}).adopted())
        .as("the orphan alone")
        .isOne();
    SweepReport swept = outer.maintenance().sweep(REAL, key -> {});
    assertThat(swept.deleted()).as("an orphan of a scope").isOne();
    assertThat(swept.refusal()).isNull();
    try (InputStream in = inner.open(kept).open()) {
      assertThat(in.readAllBytes()).isEqualTo(INNER);
    }
    assertThat(inner.maintenance().sweep(REAL, key -> {}).orphans()).isZero();
  }
}

package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.DirectUpload;
import dev.hfsm.Ingested;
import dev.hfsm.PreparedUpload.Transfer;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.store.CachingBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Direct uploads where other stores stand in front of the bucket. */
class DirectUploadLayersTest {

  private static final byte[] BYTES = bytes();
  private static final Digest DIGEST = Digest.ofContent(BYTES);

  @TempDir static Path folder;
  @TempDir Path local;
  private static TestServer server;

  private final InMemoryLedger ledger = new InMemoryLedger(InstantSource.system());
  private S3BlobStore fresh;

  /** A GIF, as far as its beginning tells, that is larger than the beginning. */
  private static byte[] bytes() {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    System.arraycopy(new byte[] {'G', 'I', 'F', '8', '9', 'a'}, 0, bytes, 0, 6);
    return bytes;
  }

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
    fresh = S3BlobStore.open(server.freshBucket(), TestServer.credentials());
  }

  @AfterEach
  void close() {
    fresh.close();
  }

  private AssetPipeline node(BlobStore blobs) {
    return AssetPipeline.builder()
        .ledger(ledger)
        .blobs(blobs)
        .uploadSecret(new byte[32])
        .spool(local.resolve("spool"))
        .build();
  }

  /** Prepares an upload and sends it; returns the ticket. */
  private static String sent(AssetPipeline node) throws Exception {
    Transfer transfer =
        node.prepareUpload(DirectUpload.of(DIGEST, BYTES.length)).transfer().orElseThrow();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(transfer.request().url()).PUT(BodyPublishers.ofByteArray(BYTES));
    transfer.request().headers().forEach(request::header);
    int status =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
    assertThat(status).isEqualTo(200);
    return transfer.ticket();
  }

  private StorageKey requireSound(AssetPipeline node, Ingested asset) throws IOException {
    assertThat(asset.outcome()).isEqualTo(Ingested.Outcome.CREATED);
    assertThat(node.find(asset.id()).orElseThrow().facts().get(Fact.MEDIA_TYPE))
        .contains(MediaType.GIF);
    try (InputStream in = node.open(asset.id()).open()) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
    return node.find(asset.id()).orElseThrow().key();
  }

  @Test
  void aCacheIsNotFilledByCompletingAnUpload() throws Exception {
    try (CachingBlobStore cache =
            CachingBlobStore.open(fresh, local.resolve("cache"), 100_000_000);
        AssetPipeline node = node(cache)) {
      Ingested asset = node.completeUpload(sent(node));
      assertThat(cache.bytes()).as("bytes brought here").isZero();
      requireSound(node, asset);
    }
  }
}

package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AssetPipeline;
import dev.hfsm.DirectUpload;
import dev.hfsm.Ingested;
import dev.hfsm.PreparedUpload.Transfer;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.Presentation;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.store.CachingBlobStore;
import dev.hfsm.store.DualReadBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private S3BlobStore old;
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
    old = S3BlobStore.open(server.freshBucket(), TestServer.credentials());
    fresh = S3BlobStore.open(server.freshBucket(), TestServer.credentials());
  }

  @AfterEach
  void close() {
    old.close();
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

  @Test
  void uploadsGoOnWhileNodesMoveFromStoreToStore() throws Exception {
    try (AssetPipeline before = node(DualReadBlobStore.of(old, fresh));
        AssetPipeline after = node(DualReadBlobStore.of(fresh, old))) {
      // Prepared by a node that still writes the old store, completed by one that does not.
      StorageKey key = requireSound(before, after.completeUpload(sent(before)));
      assertThat(fresh.stat(key)).isPresent();
      assertThat(old.stat(key)).isEmpty();
      assertThat(old.list("raw/", Cursor.START, 10).items())
          .as("the landing place is cleared")
          .isEmpty();
    }
  }

  @Test
  void whatLandsInTheWrittenStoreIsCopiedInsideIt() throws Exception {
    List<String> moved = new CopyOnWriteArrayList<>();
    try (AssetPipeline node = node(DualReadBlobStore.of(noting(fresh, moved), old))) {
      Ingested asset = node.completeUpload(sent(node));
      assertThat(moved).as("bytes that went through this process").isEmpty();
      assertThat(fresh.stat(requireSound(node, asset))).isPresent();
    }
  }

  /** Notes when a blob, or more of one than tells its type, is brought in or out. */
  private static BlobStore noting(BlobStore store, List<String> moved) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (self, method, args) -> {
              boolean puts =
                  method.getName().equals("put") && args[0].toString().startsWith("raw/");
              boolean reads =
                  method.getName().equals("open") && ((ByteRange) args[1]).length() > 4096;
              if (puts || reads) {
                moved.add(method.getName() + " " + args[0]);
              }
              try {
                return method.invoke(store, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void nobodyIsSentToAStoreThatMayNotHaveTheBlob() throws Exception {
    try (AssetPipeline node = node(DualReadBlobStore.of(fresh, old))) {
      Ingested asset = node.completeUpload(sent(node));
      assertThat(
              node.open(asset.id())
                  .presigned(Duration.ofMinutes(1), Presentation.attachment(MediaType.GIF)))
          .isEmpty();
    }
  }

  @Test
  void whereTheWrittenStoreSignsNothingNobodyDoes() {
    try (AssetPipeline node = node(DualReadBlobStore.of(new InMemoryBlobStore(), old))) {
      assertThatThrownBy(() -> node.prepareUpload(DirectUpload.of(DIGEST, BYTES.length)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Presigner");
    }
  }
}

package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.s3.FaultyProxy.Fault;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.tck.BlobStoreContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every store, over a server that answers 501 to {@code If-None-Match}. */
class UnconditionalServerTest extends BlobStoreContract {

  @TempDir static Path folder;
  private static TestServer server;
  private static FaultyProxy old;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.onDisk(folder);
    old = new FaultyProxy(server.port(), () -> Fault.NONE);
    old.refuseConditions();
  }

  @AfterAll
  static void stop() throws Exception {
    old.close();
    server.close();
  }

  private static S3Config freshBucket() {
    return server.freshBucket().endpoint(old.endpoint()).multipartAbove(S3Config.SMALLEST_PART);
  }

  @Override
  protected BlobStore newStore() {
    return S3BlobStore.open(freshBucket(), TestServer.credentials());
  }

  private static StorageKey put(BlobStore store, int size) throws IOException {
    byte[] bytes = bytes(size);
    BlobRef blob = new BlobRef(Digest.ofContent(bytes), size);
    StorageKey key =
        StorageKey.raw(AssetId.of(blob.digest()), Stamp.of(Instant.EPOCH, new Random()));
    store.put(key, blob, ByteSource.of(bytes));
    try (InputStream in = store.open(key, ByteRange.ALL)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
    return key;
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void itIsAskedOnceAndNeverAgain() throws IOException {
    try (S3BlobStore store = S3BlobStore.open(freshBucket(), TestServer.credentials())) {
      int before = old.refused();
      put(store, 1_000);
      assertThat(old.refused() - before).isEqualTo(1);
      put(store, 2_000);
      put(store, (int) S3Config.SMALLEST_PART + 1);
      assertThat(old.refused() - before).isEqualTo(1);
    }
  }

  @Test
  void partsThatWereSentInVainLeaveNothingBehind() throws IOException {
    S3Config config = freshBucket();
    try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
      put(store, (int) S3Config.SMALLEST_PART + 1);
    }
    assertThat(server.admin().listMultipartUploads(r -> r.bucket(config.bucket())).uploads())
        .isEmpty();
  }

  @Test
  void anAddressForAClientIsSignedWithoutTheConditionOnceThatIsKnown() throws Exception {
    try (S3BlobStore store = S3BlobStore.open(freshBucket(), TestServer.credentials())) {
      put(store, 1_000);
      byte[] bytes = bytes(3_000);
      BlobRef blob = new BlobRef(Digest.ofContent(bytes), bytes.length);
      StorageKey key = StorageKey.raw(AssetId.of(blob.digest()), new Stamp(Instant.EPOCH, 1));
      Presigner.PresignedPut signed =
          store.capability(Presigner.class).orElseThrow().put(key, blob, Duration.ofMinutes(1));
      HttpRequest.Builder request =
          HttpRequest.newBuilder(signed.url()).PUT(BodyPublishers.ofByteArray(bytes));
      signed.headers().forEach(request::header);
      assertThat(
              HttpClient.newBuilder()
                  .version(HttpClient.Version.HTTP_1_1)
                  .build()
                  .send(request.build(), BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
      assertThat(store.stat(key)).isPresent();
    }
  }
}

package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.s3.FaultyProxy.Fault;
import dev.hfsm.s3.ObjectRequests.Guard;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.Presigner.PresignedPut;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;

/** A process that has put nothing yet signs addresses that the server understands. */
@Timeout(600)
class ConditionProbeTest {

  private static final byte[] BYTES = {1, 2, 3, 4};
  private static final BlobRef BLOB = new BlobRef(Digest.ofContent(BYTES), BYTES.length);

  @TempDir Path folder;
  private TestServer server;
  private FaultyProxy line;
  private S3Config config;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.onDisk(folder);
    line = new FaultyProxy(server.port(), () -> Fault.NONE);
    config = server.freshBucket().endpoint(line.endpoint());
  }

  @AfterEach
  void stop() throws Exception {
    line.close();
    server.close();
  }

  private static StorageKey key(int number) {
    return StorageKey.raw(AssetId.of(BLOB.digest()), new Stamp(Instant.EPOCH, number));
  }

  private static PresignedPut sign(S3BlobStore store, StorageKey key) {
    return store.capability(Presigner.class).orElseThrow().put(key, BLOB, Duration.ofMinutes(5));
  }

  private static int send(PresignedPut signed) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(signed.url()).PUT(BodyPublishers.ofByteArray(BYTES));
    signed.headers().forEach(request::header);
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request.build(), BodyHandlers.ofString())
        .statusCode();
  }

  private int objects() {
    return server.admin().listObjectsV2(r -> r.bucket(config.bucket())).contents().size();
  }

  @Test
  void aServerThatDoesNotKnowTheConditionIsAskedOnceAndSignedForWithoutIt() throws Exception {
    line.refuseConditions();
    try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
      assertThat(send(sign(store, key(1)))).isEqualTo(200);
      assertThat(send(sign(store, key(2)))).isEqualTo(200);
      assertThat(line.refused()).isEqualTo(1);
      assertThat(store.stat(key(1))).isPresent();
      assertThat(objects()).as("the question stores nothing").isEqualTo(2);
    }
  }

  @Test
  void aServerThatKnowsItRefusesASecondTransfer() throws Exception {
    try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
      PresignedPut signed = sign(store, key(1));
      assertThat(objects()).as("the question stores nothing").isZero();
      assertThat(send(signed)).isEqualTo(200);
      assertThat(send(signed)).isEqualTo(412);
    }
  }

  @Test
  void whatAPutHasToldIsNotAskedAgain() throws Exception {
    line.refuseConditions();
    try (S3BlobStore store = S3BlobStore.open(config, TestServer.credentials())) {
      store.put(key(1), BLOB, ByteSource.of(BYTES));
      assertThat(send(sign(store, key(2)))).isEqualTo(200);
      assertThat(line.refused()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatIsNotThereIsNotSignedFor() throws Exception {
    // Bound, so that nobody else takes the port, and not listening.
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      S3Config nowhere =
          config.endpoint(URI.create("http://127.0.0.1:" + nobody.getLocalPort())).attempts(1);
      try (S3BlobStore store = S3BlobStore.open(nowhere, TestServer.credentials())) {
        assertThatThrownBy(() -> sign(store, key(1)))
            .isInstanceOf(BlobStoreException.class)
            .hasMessageContaining("endpoint");
      }
    }
  }

  @Test
  void whoSignsWhileAnotherAsksDoesNotWaitForTheAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      S3Config hanging =
          config
              .endpoint(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
              .attempts(1)
              .timeout(Duration.ofHours(1));
      try (S3BlobStore store = S3BlobStore.open(hanging, TestServer.credentials())) {
        CompletableFuture<PresignedPut> first =
            CompletableFuture.supplyAsync(() -> sign(store, key(1)));
        try (Socket asked = silent.accept()) {
          assertThat(sign(store, key(2)).headers()).containsEntry("if-none-match", "*");
          assertThat(first).isNotDone();
        }
        assertThatThrownBy(first::join)
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(BlobStoreException.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"403, AccessDenied", "503, SlowDown", "400, ExpiredToken"})
  void anAnswerThatToldNothingHoldsForAMinute(int status, String code) throws Exception {
    AtomicLong time = new AtomicLong(Long.MAX_VALUE); // it may overflow
    try (CannedServer canned = new CannedServer(status, code, "");
        S3Client client = client(canned)) {
      ObjectRequests requests = new ObjectRequests(config);
      S3Errors errors = new S3Errors(config);
      Arrival arrival = new Arrival(new ObjectLook(client, requests, errors), errors);
      BlobPut puts = new BlobPut(client, config, requests, arrival, errors, time::get);
      assertThat(puts.knownGuard()).isEqualTo(Guard.IF_NONE_MATCH);
      time.addAndGet(TimeUnit.MINUTES.toNanos(1) - 1);
      assertThat(puts.knownGuard()).isEqualTo(Guard.IF_NONE_MATCH);
      assertThat(canned.asked()).isEqualTo(1);
      time.incrementAndGet();
      assertThat(puts.knownGuard()).isEqualTo(Guard.IF_NONE_MATCH);
      assertThat(canned.asked()).isEqualTo(2);
    }
  }

  private static S3Client client(CannedServer canned) {
    return Impatient.client(canned.endpoint(), 1, Duration.ofMinutes(5));
  }

  private Optional<Guard> answerTo(int status, String code) throws Exception {
    try (CannedServer canned = new CannedServer(status, code, "");
        S3Client client = client(canned)) {
      return new ConditionProbe(client, new ObjectRequests(config), new S3Errors(config)).ask();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, BadDigest",
    "400, InvalidDigest",
    "400, XAmzContentChecksumMismatch",
    "412, PreconditionFailed"
  })
  void whoRefusesTheBytesOrTheKeyHasUnderstood(int status, String code) throws Exception {
    assertThat(answerTo(status, code)).contains(Guard.IF_NONE_MATCH);
  }

  @ParameterizedTest
  @CsvSource({
    "400, ExpiredToken",
    "400, InvalidToken",
    "400, AuthorizationHeaderMalformed",
    "403, AccessDenied",
    "503, SlowDown",
    "501, NotImplemented"
  })
  void whoRefusesForAnotherReasonHasToldNothing(int status, String code) throws Exception {
    assertThat(answerTo(status, code)).isEmpty();
  }

  @Test
  void aServerThatTakesEverythingHasUnderstoodAlsoIfItDeletesNothing() throws Exception {
    HttpServer careless = HttpServer.create();
    careless.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    careless.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          boolean stores = exchange.getRequestMethod().equals("PUT");
          exchange.sendResponseHeaders(stores ? 200 : 403, -1);
          exchange.close();
        });
    careless.start();
    URI endpoint = URI.create("http://127.0.0.1:" + careless.getAddress().getPort());
    try (S3Client client = Impatient.client(endpoint, 1, Duration.ofMinutes(5))) {
      ConditionProbe probe =
          new ConditionProbe(client, new ObjectRequests(config), new S3Errors(config));
      assertThat(probe.ask()).contains(Guard.IF_NONE_MATCH);
    } finally {
      careless.stop(0);
    }
  }
}

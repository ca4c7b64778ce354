package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.Expiry;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are sent to the store for what is large, and follow. */
class DeliveryRedirectTest {

  private static final byte[] LARGE = "<html>".repeat(1000).getBytes(StandardCharsets.UTF_8);
  private static final byte[] SMALL = "<html>".getBytes(StandardCharsets.UTF_8);
  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  @TempDir static Path folder;
  @TempDir Path spool;
  private static TestServer server;

  private final HttpClient http = HttpClient.newHttpClient();
  private final InstantSource clock = InstantSource.fixed(Instant.now());
  private AssetPipeline assets;
  private S3BlobStore store;
  private Delivery delivery;
  private AssetUrls urls;

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
    store = S3BlobStore.open(server.freshBucket(), TestServer.credentials());
    assets =
        AssetPipeline.builder().ledger(new InMemoryLedger(clock)).blobs(store).spool(spool).build();
    delivery = Delivery.of(assets, KEYS).clock(clock).redirectFrom(LARGE.length).build();
    urls = AssetUrls.of(assets, KEYS, "").clock(clock);
  }

  @AfterEach
  void close() {
    assets.close();
    store.close();
  }

  private DeliveryResponse ask(String method, String path, Map<String, List<String>> headers) {
    return delivery.handle(new DeliveryRequest(method, path, headers));
  }

  private HttpResponse<byte[]> followed(DeliveryResponse response, String... headers)
      throws Exception {
    HttpRequest.Builder next =
        HttpRequest.newBuilder(URI.create(response.header("Location").orElseThrow()));
    if (headers.length > 0) {
      next.headers(headers);
    }
    return http.send(next.build(), BodyHandlers.ofByteArray());
  }

  @Test
  void whatIsLargeIsFetchedFromTheStoreItself() throws Exception {
    AssetId large = assets.ingest(Upload.of(LARGE).named("secret name.html")).id();
    DeliveryResponse sent = ask("GET", urls.original(large, "html"), Map.of());
    assertThat(sent.status()).isEqualTo(307);
    assertThat(sent.header("Cache-Control")).contains("public, max-age=60");
    assertThat(sent.header("Location").orElseThrow())
        .contains("X-Amz-Expires=300")
        .doesNotContain("secret");
    HttpResponse<byte[]> bytes = followed(sent);
    assertThat(bytes.body()).isEqualTo(LARGE);
    assertThat(bytes.headers().firstValue("Content-Disposition"))
        .as("what may act is saved, there as here")
        .contains("attachment");
    assertThat(followed(sent, "Range", "bytes=6-11").body()).isEqualTo(SMALL);
    URI other = URI.create(sent.header("Location").orElseThrow().replaceFirst("/raw/", "/rax/"));
    assertThat(
            http.send(HttpRequest.newBuilder(other).build(), BodyHandlers.ofByteArray())
                .statusCode())
        .as("it is an address of these bytes and of no others")
        .isEqualTo(403);
  }

  @Test
  void whatIsSmallIsServedAndSoIsWhatNeedsNoBytes() throws Exception {
    AssetId small = assets.ingest(Upload.of(SMALL)).id();
    assertThat(ask("GET", urls.original(small, "html"), Map.of()).status()).isEqualTo(200);
    AssetId large = assets.ingest(Upload.of(LARGE)).id();
    String url = urls.original(large, "html");
    DeliveryResponse head = ask("HEAD", url, Map.of());
    assertThat(head.status()).as("the address is good for GET only").isEqualTo(200);
    String tag = head.header("ETag").orElseThrow();
    assertThat(ask("GET", url, Map.of("If-None-Match", List.of(tag))).status()).isEqualTo(304);
    assertThat(ask("GET", url + "x", Map.of()).status()).isEqualTo(403);
    delivery = Delivery.of(assets, KEYS).clock(clock).build();
    assertThat(ask("GET", url, Map.of()).status()).as("unless it is asked for").isEqualTo(200);
  }

  @Test
  void anAddressIsGoodForNoLongerThanTheLink() {
    AssetId large = assets.ingest(Upload.of(LARGE)).id();
    AssetUrls expiring =
        urls.expiring(Expiry.after(Duration.ofSeconds(100)).roundedTo(Duration.ofSeconds(1)));
    DeliveryResponse sent = ask("GET", expiring.original(large, "html"), Map.of());
    assertThat(sent.header("Location").orElseThrow())
        .containsPattern("X-Amz-Expires=(99|100|101)&");
    assertThat(sent.header("Cache-Control").orElseThrow()).matches("public, max-age=(19|20)");
  }
}

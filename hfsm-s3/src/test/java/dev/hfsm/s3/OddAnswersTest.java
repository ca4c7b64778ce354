package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Servers, or what stands in front of them, whose answers are not what was asked for. */
class OddAnswersTest {

  private static final StorageKey KEY = new StorageKey("raw/blob");
  private static final String OBJECT = "0123456789";
  private static final long UNSAID = -1;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private S3Client client;
  private S3BlobStore store;
  private volatile Answer answer = new Answer(200, null, OBJECT, OBJECT.length());

  /**
   * To whatever is asked.
   *
   * @param length what the head says of the body, or {@link #UNSAID}
   */
  private record Answer(int status, @Nullable String range, String body, long length) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    client =
        S3Client.builder()
            .endpointOverride(endpoint)
            .region(Region.of(TestServer.REGION))
            .credentialsProvider(TestServer.credentials())
            .forcePathStyle(true)
            // What holds its connection keeps the next request from being sent at all.
            .httpClientBuilder(Apache5HttpClient.builder().maxConnections(1))
            .build();
    store = S3BlobStore.over(client, S3Config.of("bucket").endpoint(endpoint));
  }

  @AfterEach
  void stop() {
    store.close();
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    Answer told = answer;
    exchange.getResponseHeaders().add("ETag", "\"tag\"");
    if (told.range() != null) {
      exchange.getResponseHeaders().add("Content-Range", told.range());
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(
        told.status(), head ? -1 : told.length() == UNSAID ? 0 : told.length());
    if (!head) {
      exchange.getResponseBody().write(told.body().getBytes(StandardCharsets.US_ASCII));
    }
    exchange.close();
  }

  private String read(ByteRange range) throws IOException {
    try (InputStream in = store.open(KEY, range)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private void assertRefused(ByteRange range, String found) throws IOException {
    Answer odd = answer;
    assertThatThrownBy(() -> store.open(KEY, range))
        .as("%s", odd)
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("Content-Range " + found)
        .hasMessageContaining("endpoint")
        .matches(e -> !((BlobStoreException) e).retryable());
    answer = new Answer(200, null, OBJECT, OBJECT.length());
    assertThat(read(ByteRange.ALL)).as("the connection is free again").isEqualTo(OBJECT);
    answer = odd;
  }

  @Test
  void aServerThatTakesNoNoticeOfRangesIsNotBelieved() throws IOException {
    assertRefused(new ByteRange(5, 3), "null");
    assertRefused(new ByteRange(0, 3), "null");
    assertRefused(ByteRange.from(5), "null");
  }

  @Test
  void theWholeObjectIsAnAnswerToARangeThatHasIt() throws IOException {
    assertThat(read(new ByteRange(0, 10))).isEqualTo(OBJECT);
    assertThat(read(new ByteRange(0, 500))).isEqualTo(OBJECT);
  }

  @Test
  void aPartThatSaysSoIsBelieved() throws IOException {
    answer = new Answer(206, "bytes 5-7/10", "567", 3);
    assertThat(read(new ByteRange(5, 3))).isEqualTo("567");
    answer = new Answer(206, "bytes 5-9/10", "56789", 5);
    assertThat(read(new ByteRange(5, 300))).isEqualTo("56789");
    assertThat(read(ByteRange.from(5))).isEqualTo("56789");
  }

  @Test
  void anotherPartThanWasAskedForIsRefused() throws IOException {
    for (String range :
        new String[] {
          "bytes 4-6/10", "bytes 5-6/10", "bytes 5-8/10", "bytes 5-7/*", "5-7/10", "items 5-7/10"
        }) {
      answer = new Answer(206, range, "567", 3);
      assertRefused(new ByteRange(5, 3), range);
    }
    answer = new Answer(206, "bytes 5-7/10", "5678", 4);
    assertRefused(new ByteRange(5, 3), "bytes 5-7/10");
    answer = new Answer(206, null, "567", 3);
    assertRefused(new ByteRange(5, 3), "null");
    answer = new Answer(206, "bytes 0-8/10", "012345678", 9);
    assertRefused(ByteRange.ALL, "bytes 0-8/10");
  }

  @Test
  void anAnswerThatDoesNotSayHowLongItIsIsRefused() throws IOException {
    answer = new Answer(200, null, OBJECT, UNSAID);
    assertRefused(ByteRange.ALL, "null");
    answer = new Answer(206, "bytes 5-7/10", "567", UNSAID);
    assertRefused(new ByteRange(5, 3), "bytes 5-7/10");
  }

  @Test
  void aLookThatSaysNoSizeIsRefused() {
    assertThatThrownBy(() -> store.stat(KEY))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("Content-Length");
  }
}

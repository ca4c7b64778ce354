package dev.hfsm.http;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.embedded.Hfsm;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Format;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that says how it is, writes down what it did, and ends in order. */
@Timeout(300)
class DeliveryServerTest {

  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  /** More than what the system takes for a client that does not read. */
  private static final byte[] MUCH = new byte[24 << 20];

  @TempDir Path folder;
  private AssetPipeline assets;
  private DeliveryServer server;
  private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private DeliveryServerBuilder embedded() {
    return over(Hfsm.embedded(folder.resolve("data")).start());
  }

  private DeliveryServerBuilder over(AssetPipeline pipeline) {
    assets = pipeline;
    return DeliveryServer.of(pipeline, Delivery.of(pipeline, KEYS).build()).accessLog(log::add);
  }

  @AfterEach
  void stop() {
    server.close();
    assets.close();
  }

  private String base() {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create(path.startsWith("http") ? path : base() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000); // the time-out of the class is the bound
    }
  }

  private boolean isReady() {
    return readiness().statusCode() == 200;
  }

  private HttpResponse<String> readiness() {
    try {
      return get("/readyz");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The first answer that says so: one that was under way may come later and say otherwise. */
  private HttpResponse<String> unavailable() {
    HttpResponse<String> answer = readiness();
    while (answer.statusCode() == 200) {
      answer = readiness();
    }
    return answer;
  }

  private static boolean isEmpty(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] jpeg() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB), "jpg", out);
    return out.toByteArray();
  }

  @Test
  void itIsReadyOnceThePipelineHasReachedItsLedger() throws Exception {
    AssetPipeline built = Hfsm.embedded(folder.resolve("data")).build();
    server = over(built).start();
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(readiness().statusCode()).isEqualTo(503);
    assertThat(readiness().body())
        .isEqualTo("{\"status\":\"unavailable\",\"because\":[\"starting\"]}");
    built.start();
    until(this::isReady);
    assertThat(readiness().body()).isEqualTo("{\"status\":\"ok\"}");
    assertThat(get("/readyz/more").statusCode()).isEqualTo(404);
    assertThat(log).as("probes are not logged").isEmpty();
  }

  @Test
  void itIsNotReadyWhileTheStoreIsAway() throws Exception {
    server = embedded().start();
    AssetId photo = assets.ingest(Upload.of(jpeg())).id();
    until(this::isReady);
    Path blobs = folder.resolve("data/blobs");
    // What a chore or a worker is just putting there would make the folder again.
    assets.awaitInspected(photo, Duration.ofSeconds(120));
    until(() -> Files.isDirectory(blobs.resolve("objects/hfsm/mark")));
    until(() -> isEmpty(blobs.resolve("tmp")));
    Files.move(blobs, folder.resolve("unmounted"));
    assertThat(unavailable().body()).contains("\"store\"");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    Files.move(folder.resolve("unmounted"), blobs);
    until(this::isReady);
  }

  @Test
  void itIsNotReadyWhileTheLedgerIsAway() throws Exception {
    AtomicBoolean away = new AtomicBoolean();
    PipelineBuilder builder =
        AssetPipeline.builder()
            .ledger(away(AssetLedger.class, new InMemoryLedger(InstantSource.system()), away))
            .blobs(new InMemoryBlobStore());
    server = over(builder.start()).start();
    until(this::isReady);
    away.set(true);
    assertThat(unavailable().body()).contains("\"ledger\"").doesNotContain("refused");
    away.set(false);
    until(this::isReady);
  }

  /** The same, role by role, that answers nothing while it is away. */
  private static <T> T away(Class<T> type, Object real, AtomicBoolean away) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              boolean role = type == AssetLedger.class;
              if (away.get() && !role) {
                throw new LedgerException("connection refused", null, true);
              }
              try {
                Object result = method.invoke(real, arguments);
                boolean wrapped = role && method.getReturnType().getSimpleName().endsWith("Ledger");
                return wrapped ? away(method.getReturnType(), result, away) : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  @Test
  void whatIsServedIsWrittenDownWithoutItsSignature() throws Exception {
    server = embedded().start();
    AssetId photo = assets.ingest(Upload.of(jpeg())).id();
    AssetUrls urls = AssetUrls.of(assets, KEYS, base() + "/assets");
    String url = urls.variant(photo, image().width(100).format(Format.PNG));
    int bytes = get(url).body().length();
    String signature = url.split("/s/k1\\.")[1].substring(0, 43);

    String[] fields = log.take().split(" ");
    assertThat(fields).hasSize(7);
    assertThat(fields[0]).isEqualTo("127.0.0.1");
    assertThat(fields[1]).isEqualTo("GET");
    assertThat(fields[2])
        .startsWith("/assets/s/k1.***/w=100@")
        .endsWith("/" + photo.digest().hex() + ".png")
        .doesNotContain(signature);
    assertThat(fields[3]).isEqualTo("200");
    assertThat(Long.parseLong(fields[4])).isGreaterThanOrEqualTo(bytes / 2).isPositive();
    assertThat(Double.parseDouble(fields[5])).isNotNegative();
    assertThat(fields[6]).isEqualTo("ok");

    get(url.replace("w=100@", "w=101@"));
    assertThat(log.take()).contains(" 403 ").doesNotContain(signature);
    get(url + "?again");
    assertThat(log.take()).contains("?*** 404 ").doesNotContain(signature);
  }

  @Test
  void whatIsUnderWayIsFinishedAndNothingNewIsBegun() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    server =
        embedded()
            .drain(Duration.ofMinutes(5))
            .handler("/slow", exchange -> slow(exchange, begun, go))
            .start();
    until(this::isReady);
    CompletableFuture<HttpResponse<String>> slow =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create(base() + "/slow")).build(), BodyHandlers.ofString());
    begun.await();
    int port = server.address().getPort();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    until(() -> !isReady());
    assertThat(readiness().body()).contains("shutting-down");
    HttpResponse<String> late = get("/slow");
    until(() -> log.stream().anyMatch(line -> line.contains(" /slow 503 ")));
    assertThat(late.statusCode()).isEqualTo(503);
    assertThat(late.headers().firstValue("Retry-After")).isPresent();
    assertThat(closing).isNotDone();
    go.countDown();
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(slow.get().body()).isEqualTo("done");
    closing.get();
    assertThat(isServedByUs(port)).isFalse();
  }

  /**
   * Others may have been given the port meanwhile, even the very connection that asks. Whoever lets
   * somebody in and says nothing may still be ours.
   */
  private static boolean isServedByUs(int port) {
    try (RawClient asking = new RawClient(port)) {
      return asking.ask("GET", "/readyz").text().contains("shutting-down");
    } catch (SocketTimeoutException silent) {
      return true;
    } catch (IOException | RuntimeException | AssertionError refusedOrAnother) {
      return false;
    }
  }

  private static void slow(HttpExchange exchange, CountDownLatch begun, CountDownLatch go)
      throws IOException {
    slow(exchange, begun, go, "done".getBytes(StandardCharsets.US_ASCII));
  }

  private static void slow(
      HttpExchange exchange, CountDownLatch begun, CountDownLatch go, byte[] body)
      throws IOException {
    begun.countDown();
    try (exchange) {
      go.await();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatTakesTooLongAtTheEndIsCutOff() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    server =
        embedded()
            .drain(Duration.ofMillis(50))
            .handler("/slow", exchange -> slow(exchange, begun, never))
            .start();
    CompletableFuture<HttpResponse<String>> slow =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create(base() + "/slow")).build(), BodyHandlers.ofString());
    begun.await();
    server.close();
    assertThat(slow).failsWithin(Duration.ofSeconds(120));
  }

  @Test
  void aClientThatHangsUpFreesItsThreadAndTheFile() throws Exception {
    byte[] large = new byte[30_000_000];
    new Random(1).nextBytes(large);
    server = embedded().threads(1).start();
    AssetId id = assets.ingest(Upload.of(large)).id();
    String path = AssetUrls.of(assets, KEYS, "/assets").original(id, "bin");
    for (int i = 0; i < 5; i++) {
      try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes());
        assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
        socket.setSoLinger(true, 0);
      }
      assertThat(log.take()).contains(" 200 ").endsWith(" hung-up");
    }
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    until(() -> openFilesBelow(folder.resolve("data/blobs")) == 0); // chores open some as well
  }

  @Test
  void aClientThatHangsUpBeforeItIsAnsweredIsToldApart() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    server = embedded().handler("/slow", exchange -> slow(exchange, begun, go, MUCH)).start();
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      socket.getOutputStream().write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
      begun.await();
      socket.setSoLinger(true, 0);
    }
    go.countDown();
    assertThat(log.take()).contains(" /slow ").endsWith(" hung-up");
  }

  @Test
  void bytesThatCannotBeHadToTheirEndAreToldApart() throws Exception {
    server =
        embedded()
            .handler(
                "/half",
                exchange -> {
                  exchange.sendResponseHeaders(200, 100);
                  exchange.getResponseBody().write(new byte[10]);
                  throw new IOException("Input/output error");
                })
            .start();
    assertThatThrownBy(() -> get("/half")).isInstanceOf(IOException.class);
    assertThat(log.take()).contains(" /half 200 10 ").endsWith(" broke-off");
  }

  private static long openFilesBelow(Path root) {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0; // only Linux tells
    }
    try (var open = Files.list(descriptors)) {
      return open.filter(file -> pointsBelow(file, root.toAbsolutePath())).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean pointsBelow(Path link, Path root) {
    try {
      return Files.readSymbolicLink(link).startsWith(root);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  @Test
  void aHandlerThatFailsIsAnsweredWith500() throws Exception {
    server =
        embedded()
            .handler(
                "/broken",
                exchange -> {
                  throw new IllegalStateException("a bug");
                })
            .start();
    HttpResponse<String> answer = get("/broken");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).isEmpty();
    assertThat(log.take()).endsWith(" failed");
  }

  @Test
  void aPortThatIsTakenIsSaid() throws Exception {
    server = embedded().start();
    DeliveryServerBuilder second =
        DeliveryServer.of(assets, Delivery.of(assets, KEYS).build()).listen(server.address());
    assertThatThrownBy(second::start).isInstanceOf(BindException.class);
  }

  @Test
  void tuningLeavesWhatTheHostHasSet() {
    server = closedServer();
    String idle = "sun.net.httpserver.idleInterval";
    System.setProperty(idle, "7");
    try {
      HttpServerTuning.apply();
      assertThat(System.getProperty(idle)).isEqualTo("7");
      assertThat(System.getProperty("sun.net.httpserver.nodelay")).isEqualTo("true");
      assertThat(System.getProperty("sun.net.httpserver.maxRspTime")).isEqualTo("600");
    } finally {
      System.clearProperty(idle);
    }
  }

  private DeliveryServer closedServer() {
    try {
      return embedded().start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

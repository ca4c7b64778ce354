package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients who do not go on with what they began to send, by a clock of the test's own. */
@Timeout(180)
class DawdlersTest {

  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final int THREADS = 2;
  private static final int BODY = 100_000;

  private final AtomicLong clock = new AtomicLong();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Dawdlers dawdlers = new Dawdlers(threads, BOUND, clock::get);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(dawdlers::execute);
    server.createContext("/", DawdlersTest::sayWhetherInterrupted).getFilters().add(dawdlers);
    server.createContext("/slow", this::slow).getFilters().add(dawdlers);
    server.createContext("/none", e -> e.sendResponseHeaders(404, -1)).getFilters().add(dawdlers);
    server.start();
  }

  @AfterEach
  void stop() {
    go.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private static void sayWhetherInterrupted(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] text =
          (Thread.interrupted() ? "interrupted" : "fine").getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  private void slow(HttpExchange exchange) throws IOException {
    int first = exchange.getRequestBody().read();
    begun.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    if (first < 0 || exchange.getRequestBody().readAllBytes().length == 1) {
      sayWhetherInterrupted(exchange);
    }
  }

  private RawClient client() throws IOException {
    return new RawClient(server.getAddress().getPort());
  }

  private String get(String path) throws IOException {
    try (RawClient client = client()) {
      return client.ask("GET", path).text();
    }
  }

  private void awaitLetGo(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      try (client) {
        while (!isLetGo(client)) {
          // the time-out of the class is the bound
        }
      }
    }
  }

  private boolean isLetGo(RawClient client) throws IOException {
    try {
      return client.read() < 0;
    } catch (SocketTimeoutException stillThere) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Time passes as fast as can be until the end. */
  private AutoCloseable passTime() {
    CountDownLatch enough = new CountDownLatch(1);
    Thread passing =
        new Thread(
            () -> {
              while (enough.getCount() > 0) {
                clock.addAndGet(BOUND.toNanos() + 1);
                dawdlers.look();
              }
            });
    passing.start();
    return () -> {
      enough.countDown();
      passing.join();
    };
  }

  private void let(String beginning) throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 3 * THREADS; i++) {
      RawClient client = client();
      client.say(beginning);
      clients.add(client);
    }
    try (AutoCloseable passing = passTime()) {
      awaitLetGo(clients);
    }
    for (int i = 0; i < 3 * THREADS; i++) {
      assertThat(get("/")).isEqualTo("fine");
    }
  }

  @Test
  void whoStopsInTheMiddleOfARequestLineIsLetGo() throws Exception {
    let("GET /some");
  }

  @Test
  void whoStopsInTheMiddleOfTheHeaderFieldsIsLetGo() throws Exception {
    let("GET / HTTP/1.1\r\nHost: x\r\nX-");
  }

  @Test
  void whoOwesABodyThatNobodyWantsIsLetGo() throws Exception {
    String head = " HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY + "\r\n\r\nsome";
    let("GET /" + head);
    let("POST /none" + head);
    let("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsom");
  }

  @Test
  void whoOwesABodyIsAnsweredFirst() throws Exception {
    try (RawClient client = client()) {
      client.say("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY + "\r\n\r\n");
      assertThat(client.answer("GET").text()).isEqualTo("fine");
    }
  }

  @Test
  void aBodyThatNobodyWantsIsReadAndTheConnectionServesOn() throws Exception {
    try (RawClient client = client()) {
      client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
      assertThat(client.answer("POST").text()).isEqualTo("fine");
      assertThat(client.ask("GET", "/").text()).isEqualTo("fine");
    }
  }

  @Test
  void whatAHandlerDoesTakesAsLongAsItTakes() throws Exception {
    try (RawClient client = client()) {
      client.say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      begun.await();
      clock.addAndGet(10 * BOUND.toNanos());
      dawdlers.look();
      go.countDown();
      assertThat(client.answer("GET").text()).isEqualTo("fine");
    }
  }

  @Test
  void aBodyThatIsWantedComesAsSlowlyAsItLikes() throws Exception {
    try (RawClient client = client()) {
      client.say("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1");
      begun.await();
      clock.addAndGet(10 * BOUND.toNanos());
      dawdlers.look();
      go.countDown();
      client.say("2");
      assertThat(client.answer("POST").text()).isEqualTo("fine");
    }
  }
}

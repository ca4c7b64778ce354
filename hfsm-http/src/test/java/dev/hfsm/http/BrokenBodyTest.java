package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BlobStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Bytes whose reading fails before any of them was sent. */
@Timeout(300)
class BrokenBodyTest {

  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  /** What reading the store comes to. */
  private enum Reading {
    FINE,
    CUT_OFF,
    DAMAGED
  }

  @TempDir Path spool;
  private volatile Reading reading = Reading.FINE;
  private AssetPipeline assets;
  private Delivery delivery;
  private String url;

  @BeforeEach
  void build() {
    assets =
        AssetPipeline.builder()
            .ledger(new InMemoryLedger(InstantSource.system()))
            .blobs(breaking(new InMemoryBlobStore()))
            .spool(spool)
            .build();
    AssetId id = assets.ingest(Upload.of("0123456789".getBytes(StandardCharsets.US_ASCII))).id();
    delivery = Delivery.of(assets, KEYS).build();
    url = AssetUrls.of(assets, KEYS, "/assets").original(id, "txt");
  }

  @AfterEach
  void close() {
    assets.close();
  }

  private BlobStore breaking(BlobStore store) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BrokenBodyTest.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, args) -> {
              try {
                Object answer = method.invoke(store, args);
                return answer instanceof InputStream in ? breaking(in) : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private InputStream breaking(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] block, int from, int length) throws IOException {
        return switch (reading) {
          case FINE -> super.read(block, from, length);
          case CUT_OFF -> throw new IOException("the line to the store broke, as told");
          case DAMAGED -> throw new IntegrityException("damaged, as told");
        };
      }
    };
  }

  private static void assertProblem(RawClient.Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.field("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.field("ETag")).isEmpty();
    assertThat(answer.field("Last-Modified")).isEmpty();
    assertThat(answer.field("Content-Range")).isEmpty();
    assertThat(answer.field("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.text()).startsWith("{").doesNotContain("as told");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ALL, names = "JETTY|UNDERTOW|TOMCAT")
  void areAnsweredByAProblemThatNoCacheKeepsForTheBytes(TestServer server) throws Exception {
    try (TestServer.Running running = server.start(assets, delivery)) {
      for (String range :
          new String[] {"X-Range: none", "Range: bytes=2-3", "Range: bytes=0-1,5-6"}) {
        reading = Reading.CUT_OFF;
        RawClient.Answer cutOff = ask(running, range);
        assertProblem(cutOff, 503);
        assertThat(cutOff.field("Retry-After")).isEqualTo("1");
        reading = Reading.DAMAGED;
        assertProblem(ask(running, range), 500);
      }
      reading = Reading.FINE;
      assertThat(ask(running, "X-Range: none").text()).isEqualTo("0123456789");
    }
  }

  /** On a connection of its own: some servers end it after such an answer. */
  private RawClient.Answer ask(TestServer.Running running, String field) throws IOException {
    try (RawClient client = new RawClient(running.port())) {
      return client.ask("GET", url, field);
    }
  }

  @Test
  void takeNothingBackThatAFilterHasSaid() throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(new DeliveryServlet(delivery)), "/assets/*");
    Filter anybody =
        (request, response, chain) -> {
          ((HttpServletResponse) response).setHeader("Access-Control-Allow-Origin", "*");
          chain.doFilter(request, response);
        };
    context.addFilter(new FilterHolder(anybody), "/*", EnumSet.of(DispatcherType.REQUEST));
    server.setHandler(context);
    server.start();
    reading = Reading.DAMAGED;
    try (TestServer.Running running =
        new TestServer.Running(connector.getLocalPort(), server::stop)) {
      RawClient.Answer answer = ask(running, "X-Range: none");
      assertProblem(answer, 500);
      assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo("*");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "DELIVERY_SERVER"})
  void endTheConnectionWhereTheServerHasBegunToAnswer(TestServer server) throws Exception {
    try (TestServer.Running running = server.start(assets, delivery)) {
      reading = Reading.CUT_OFF;
      try (RawClient client = new RawClient(running.port())) {
        assertThat(catchThrowable(() -> client.ask("GET", url))).isInstanceOf(IOException.class);
      }
      reading = Reading.FINE;
      try (RawClient client = new RawClient(running.port())) {
        assertThat(client.ask("GET", url).text()).isEqualTo("0123456789");
      }
    }
  }
}

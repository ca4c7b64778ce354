package dev.hfsm.http;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.transform.Format;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that hang up leave nothing open and nobody waiting. */
@Timeout(300)
class HangUpTest {

  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);
  private static final int SIZE = 24 << 20;

  @TempDir Path spool;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private AssetPipeline assets;
  private HttpServer server;
  private ExecutorService threads;
  private AssetUrls urls;
  private AssetId asset;

  @BeforeEach
  void start() throws IOException {
    assets =
        AssetPipeline.builder()
            .ledger(new InMemoryLedger(InstantSource.system()))
            .blobs(counting(new InMemoryBlobStore()))
            .spool(spool)
            .build(); // never started: who wants a variant waits in vain
    byte[] bytes = new byte[SIZE];
    new Random(3).nextBytes(bytes);
    asset = assets.ingest(Upload.of(bytes)).id();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newFixedThreadPool(4);
    server.setExecutor(threads);
    Delivery delivery = Delivery.of(assets, KEYS).patience(Duration.ofMillis(500)).build();
    server.createContext("/assets", new DeliveryHandler(delivery));
    server.start();
    urls = AssetUrls.of(assets, KEYS, "/assets");
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
    assets.close();
  }

  private BlobStore counting(BlobStore store) {
    return (BlobStore)
        Proxy.newProxyInstance(
            HangUpTest.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, args) -> {
              try {
                Object answer = method.invoke(store, args);
                return answer instanceof InputStream in ? counted(in) : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private InputStream counted(InputStream in) {
    opened.incrementAndGet();
    open.incrementAndGet();
    return new FilterInputStream(in) {
      private boolean closed;

      @Override
      public void close() throws IOException {
        if (!closed) {
          closed = true;
          open.decrementAndGet();
        }
        super.close();
      }
    };
  }

  private Socket ask(String path) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
    socket.setSoLinger(true, 0); // closing resets the connection
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("waited in vain").isFalse();
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aClientThatHangsUpInTheMiddleOfABodyLeavesNothingOpen() throws IOException {
    for (int i = 1; i <= 8; i++) {
      try (Socket client = ask(urls.original(asset, "bin"))) {
        client.getInputStream().readNBytes(1000);
      }
      int asked = i;
      until(() -> opened.get() >= asked && open.get() == 0);
    }
  }

  @Test
  void aClientThatHangsUpWhileItWaitsIsWaitedForNoLongerThanThePatience() throws IOException {
    for (int i = 1; i <= 8; i++) {
      ask(urls.variant(asset, image().width(i).format(Format.PNG))).close();
    }
    try (Socket client = ask(urls.original(asset, "bin"))) {
      byte[] answer = client.getInputStream().readNBytes(15);
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
    }
    until(() -> assets.load().coldCallers() == 0 && open.get() == 0);
  }
}

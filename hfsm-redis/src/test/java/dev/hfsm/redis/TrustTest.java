package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.PATIENCE;
import static dev.hfsm.redis.Hints.derive;
import static dev.hfsm.redis.Hints.look;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hfsm.error.QueueException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom a queue trusts that speaks TLS. The server's certificate is of localhost alone. */
@Timeout(600)
class TrustTest {

  private static final String PASSWORD = "changeit";
  private static final String STORE = "javax.net.ssl.trustStore";
  private static final String STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

  @TempDir static Path folder;
  private static Path trustStore;
  private static ServerSocket door;

  @BeforeAll
  static void start() throws Exception {
    KeyStore own = ownKey();
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("redis", own.getCertificate("redis"));
    trustStore = folder.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(trustStore)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    door =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    serve(RunningRedis.shared().port());
  }

  @AfterAll
  static void stop() throws IOException {
    door.close();
  }

  private static KeyStore ownKey() throws Exception {
    Path file = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "redis",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).as(Files.readString(folder.resolve("keytool.log"))).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  /** Passes on in the clear what comes in encrypted. */
  private static void serve(int port) {
    daemon(
        () -> {
          while (true) {
            Socket client = door.accept();
            Socket server = new Socket(InetAddress.getByName("127.0.0.1"), port);
            daemon(() -> pass(client, server));
            daemon(() -> pass(server, client));
          }
        });
  }

  /** Until either end has had enough; then both have. */
  private static void pass(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    }
  }

  private interface Serving {
    void run() throws IOException;
  }

  private static void daemon(Serving serving) {
    Thread thread =
        new Thread(
            () -> {
              try {
                serving.run();
              } catch (IOException e) {
                // the tests are over, or the client did not like the certificate
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static String uri(String host) {
    return "rediss://" + host + ":" + door.getLocalPort();
  }

  /** As a JVM that was started with these properties. */
  private static void trusting(Runnable trial) {
    assertThat(System.getProperty(STORE)).isNull();
    System.setProperty(STORE, trustStore.toString());
    System.setProperty(STORE_PASSWORD, PASSWORD);
    try {
      trial.run();
    } finally {
      System.clearProperty(STORE);
      System.clearProperty(STORE_PASSWORD);
    }
  }

  private static void assertThatItWorks(RedisQueueBuilder builder) {
    try (RedisWorkQueue queue = builder.prefix(RunningRedis.prefix()).timeout(PATIENCE).open()) {
      queue.check();
      queue.offer(List.of(derive("a")));
      assertThat(look(queue)).hasSize(1);
    }
  }

  private static QueueException refused(String host) {
    return catchThrowableOfType(
        QueueException.class,
        () -> RedisWorkQueue.builder().uri(uri(host)).timeout(PATIENCE).open().close());
  }

  @Test
  void aQueueTrustsWhomTheJvmTrusts() {
    trusting(() -> assertThatItWorks(RedisWorkQueue.builder().uri(uri("localhost"))));
  }

  @Test
  void aQueueTrustsWhomTheClientOfTheHostTrusts() {
    RedisURI address = RedisURI.create(uri("localhost"));
    RedisClient client = RedisClient.create(address);
    try {
      client.setOptions(
          ClientOptions.builder()
              .sslOptions(SslOptions.builder().truststore(trustStore.toFile(), PASSWORD).build())
              .build());
      assertThatItWorks(RedisWorkQueue.builder().client(client, address));
    } finally {
      client.shutdown();
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() {
    QueueException e = refused("localhost");
    assertThat(e)
        .hasMessageContainingAll(
            "TLS", "certificate", "javax.net.ssl.trustStore", "client(...)", "uri(...)");
    assertThat(e.retryable()).isFalse();
  }

  @Test
  void noCertificateIsVerifiedIfTheAddressSaysSo() {
    assertThatItWorks(RedisWorkQueue.builder().uri(uri("localhost") + "?verifyPeer=NONE"));
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() {
    trusting(
        () -> {
          QueueException e = refused("127.0.0.1");
          assertThat(e).hasMessageContainingAll("certificate", "the host in uri(...)");
          assertThat(e.retryable()).isFalse();
        });
  }
}

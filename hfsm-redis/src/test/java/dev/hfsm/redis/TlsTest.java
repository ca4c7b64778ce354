package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.derive;
import static dev.hfsm.redis.Hints.look;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hfsm.error.QueueException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Redis behind TLS, with a certificate that nobody has signed. */
@Timeout(600)
class TlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  /** What a server with a certificate of its own needs. */
  private SSLContext certified() throws Exception {
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
                "-keystore",
                file.toString(),
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
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** Passes on in the clear what comes in encrypted. */
  private static void serve(ServerSocket door, int port) {
    daemon(
        () -> {
          while (true) {
            Socket client = door.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            daemon(() -> client.getInputStream().transferTo(server.getOutputStream()));
            daemon(() -> server.getInputStream().transferTo(client.getOutputStream()));
          }
        });
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
                // the test is over, or the client did not like the certificate
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Test
  void aCertificateIsVerifiedUnlessTheAddressSaysOtherwise() throws Exception {
    try (ServerSocket door =
        certified()
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      serve(door, RunningRedis.shared().port());
      String uri = "rediss://localhost:" + door.getLocalPort();
      String prefix = RunningRedis.prefix();
      try (RedisWorkQueue queue =
          RedisWorkQueue.builder()
              .uri(uri + "?verifyPeer=NONE")
              .prefix(prefix)
              .timeout(Hints.PATIENCE)
              .open()) {
        queue.offer(List.of(derive("a")));
        assertThat(look(queue)).hasSize(1);
      }
      QueueException e =
          catchThrowableOfType(
              QueueException.class,
              () ->
                  RedisWorkQueue.builder()
                      .uri(uri)
                      .prefix(prefix)
                      .timeout(Hints.PATIENCE)
                      .open()
                      .close());
      assertThat(e).hasMessageContainingAll("TLS", "uri(...)");
      assertThat(e.retryable()).isFalse();
    }
  }
}

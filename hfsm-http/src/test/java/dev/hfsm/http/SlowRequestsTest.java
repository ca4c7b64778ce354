package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AssetPipeline;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.embedded.Hfsm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More clients than there are threads begin to say something, and stop. */
@Timeout(180)
class SlowRequestsTest {

  private static final int THREADS = 2;

  @TempDir Path folder;
  private AssetPipeline assets;
  private DeliveryServer server;

  @BeforeEach
  void start() throws IOException {
    assets = Hfsm.embedded(folder.resolve("data")).start();
    server =
        DeliveryServer.of(assets, Delivery.of(assets, SigningKeys.none()).build())
            .threads(THREADS)
            .asking(Duration.ofMillis(300))
            .accessLog(line -> {})
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
    assets.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /assets/v/thumb",
        "GET /healthz HTTP/1.1\r\nHost: x\r\n",
        "GET /assets/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
        "POST /assets/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
      })
  void theOthersAreServedAllTheSame(String beginning) throws IOException {
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < 3 * THREADS; i++) {
      RawClient client = new RawClient(server.address().getPort());
      client.say(beginning);
      slow.add(client);
    }
    assertThat(health()).isEqualTo(200);
    for (RawClient client : slow) {
      client.close();
    }
  }

  /** On a slow machine it is slow itself, and let go. */
  private int health() {
    while (true) {
      try (RawClient client = new RawClient(server.address().getPort())) {
        return client.ask("GET", "/healthz").status();
      } catch (IOException letGo) {
        LockSupport.parkNanos(5_000_000); // the time-out of the class is the bound
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aBoundIsMoreThanNothing(int seconds) {
    DeliveryServerBuilder builder =
        DeliveryServer.of(assets, Delivery.of(assets, SigningKeys.none()).build());
    assertThatThrownBy(() -> builder.asking(Duration.ofSeconds(seconds)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("asking");
  }
}

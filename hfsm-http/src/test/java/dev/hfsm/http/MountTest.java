package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.embedded.Hfsm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where assets are on a server, and what is where nothing is. */
@Timeout(180)
class MountTest {

  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);
  private static final byte[] TEXT = "some text".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
  private AssetPipeline assets;
  private DeliveryServerBuilder described;

  @BeforeEach
  void build() {
    assets = Hfsm.embedded(folder.resolve("data")).start();
    described = DeliveryServer.of(assets, Delivery.of(assets, KEYS).build()).accessLog(log::add);
  }

  @AfterEach
  void close() {
    assets.close();
  }

  private static RawClient.Answer get(DeliveryServer server, String path) throws IOException {
    try (RawClient client = new RawClient(server.address().getPort())) {
      return client.ask("GET", path);
    }
  }

  @Test
  void whereNothingIsServedAProblemIsAnsweredAndWrittenDown() throws Exception {
    try (DeliveryServer server = described.start()) {
      RawClient.Answer answer = get(server, "/favicon.ico");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
      assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.text()).isEqualTo("{\"title\":\"Not found\",\"status\":404}");
      assertThat(log.take()).contains(" GET /favicon.ico 404 ");
    }
  }

  @Test
  void assetsCanBeAtTheRootBesideTheProbesAndWhatTheHostServes() throws Exception {
    String original =
        AssetUrls.of(assets, KEYS, "").original(assets.ingest(Upload.of(TEXT)).id(), "txt");
    described.mount("/").handler("/own", exchange -> SmallJson.send(exchange, 200, "{}"));
    try (DeliveryServer server = described.start()) {
      assertThat(get(server, original).body()).isEqualTo(TEXT);
      assertThat(get(server, "/healthz").status()).isEqualTo(200);
      assertThat(get(server, "/own").text()).isEqualTo("{}");
      assertThat(get(server, "/").text()).contains("Not found");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "assets", "/assets/", "//"})
  void aMountIsAPath(String mount) {
    assertThatThrownBy(() -> described.mount(mount))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mount");
  }
}

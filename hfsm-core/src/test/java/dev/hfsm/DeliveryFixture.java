package dev.hfsm;

import static dev.hfsm.Scene.inspected;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline that serves toys under signed links, and a client of it. */
abstract class DeliveryFixture {

  static final Transformation THREE = image().width(3).format(Format.JPEG);
  static final SigningKeys KEYS = SigningKeys.of("k1", secret(1));

  @TempDir Path spool;
  Scene scene;
  AssetPipeline assets;
  Delivery delivery;
  AssetUrls urls;
  AssetId hello;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    assets = scene.started(pipeline());
    delivery = Delivery.of(assets, KEYS).clock(scene.clock).patience(Scene.PATIENT).build();
    urls = AssetUrls.of(assets, KEYS, "").clock(scene.clock);
    hello = inspected(assets, "hello");
  }

  /** What is served; a test may want another. */
  PipelineBuilder pipeline() {
    return scene.builder().preset("three", THREE);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  static byte[] secret(int seed) {
    byte[] secret = new byte[32];
    new Random(seed).nextBytes(secret);
    return secret;
  }

  DeliveryResponse get(String path, String... header) {
    return ask("GET", path, header);
  }

  DeliveryResponse ask(String method, String path, String... header) {
    Map<String, List<String>> headers =
        header.length == 0 ? Map.of() : Map.of(header[0], List.of(header[1]));
    return delivery.handle(new DeliveryRequest(method, path, headers));
  }

  static String text(DeliveryResponse response) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (response) {
      response.body().writeTo(out);
    }
    assertThat(response.body().size()).isEqualTo(out.size());
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What was asked of ledger and store, without what workers and chores do by themselves. */
  List<String> lookUps() {
    return scene.tap.calls().stream()
        .filter(c -> c.matches("reader\\..*|blobs\\.(open|stat)") || Tap.isRequest(c))
        .toList();
  }
}

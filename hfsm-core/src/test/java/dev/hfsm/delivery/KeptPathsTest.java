package dev.hfsm.delivery;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which paths of presets are remembered. */
class KeptPathsTest {

  @TempDir Path spool;
  private AssetPipeline assets;
  private Routes routes;
  private Delivery delivery;
  private AssetUrls urls;

  @BeforeEach
  void build() {
    assets =
        AssetPipeline.builder()
            .ledger(new InMemoryLedger(InstantSource.system()))
            .blobs(new InMemoryBlobStore())
            .spool(spool)
            .preset("thumb", image().cover(8, 8))
            .build();
    routes = new Routes(assets, SigningKeys.none(), InstantSource.system());
    delivery = new Delivery(assets, routes, Duration.ofMillis(1), Redirects.never(), 0);
    urls = AssetUrls.of(assets, SigningKeys.none(), "");
  }

  @AfterEach
  void close() {
    assets.close();
  }

  private int status(AssetId asset) {
    return delivery.handle(DeliveryRequest.get(urls.preset(asset, "thumb"))).status();
  }

  @Test
  void digestsThatAreMadeUpFillNothing() {
    for (int i = 0; i < 100; i++) {
      byte[] madeUp = ("made up " + i).getBytes(StandardCharsets.UTF_8);
      assertThat(status(AssetId.of(Digest.ofContent(madeUp)))).isEqualTo(404);
    }
    AssetId hidden = assets.ingest(Upload.of(new byte[] {1})).id();
    assertThat(status(hidden)).isEqualTo(404);
    assertThat(routes.knownBytes()).isZero();
  }

  @Test
  void thePathOfWhatIsPublicIsKeptOnceAndLeadsWhereItDid() {
    AssetId shown = assets.ingest(Upload.of(new byte[] {2}).visibility(Visibility.PUBLIC)).id();
    int first = status(shown);
    assertThat(first).isNotEqualTo(404);
    long once = routes.knownBytes();
    assertThat(once).isPositive();
    assertThat(status(shown)).isEqualTo(first);
    assertThat(routes.knownBytes()).isEqualTo(once);
  }
}

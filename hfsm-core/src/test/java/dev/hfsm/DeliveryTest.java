package dev.hfsm;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.error.LedgerException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.transform.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client gets for a URL. */
@Timeout(300)
class DeliveryTest extends DeliveryFixture {

  @Test
  void aSignedUrlServesAVariantThatIsMadeThenAndKeptForEver() throws IOException {
    String url = urls.variant(hello, THREE);
    assertThat(url).matches("/s/k1\\.[A-Za-z0-9_-]{43}/w=3@[0-9a-f]{8}/[0-9a-f]{64}\\.jpg");
    DeliveryResponse first = get(url);
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("Content-Type")).contains("text/x-toy");
    assertThat(first.header("Content-Length")).contains("3");
    assertThat(first.header("Cache-Control")).contains("public, max-age=31536000, immutable");
    assertThat(first.header("X-Content-Type-Options")).contains("nosniff");
    assertThat(first.header("Content-Disposition")).contains("attachment");
    assertThat(first.header("Server-Timing").orElseThrow()).contains("ledger;", "transform;");
    assertThat(first.header("Server-Timing").orElseThrow()).doesNotContain("decode", "encode");
    assertThat(first.header("Vary")).isEmpty();
    assertThat(text(first)).isEqualTo("HEL");
    assertThat(text(get(url))).isEqualTo("HEL");
    assertThat(urls.variant(hello, "three")).isEqualTo(url);
    assertThat(scene.toy.renders).hasValue(1);
  }

  @Test
  void whoeverWaitsForAVariantSeesTheStagesThatItsTransformerTells() throws Exception {
    CountDownLatch bothWait = new CountDownLatch(1);
    scene.toy.beforeRender =
        budget -> {
          budget.took(Stage.DECODE, Duration.ofHours(1));
          budget.took(Stage.ENCODE, Duration.ofMillis(7));
          DeriveTest.await(bothWait);
        };
    String url = urls.variant(hello, THREE);
    List<CompletableFuture<DeliveryResponse>> both =
        List.of(
            CompletableFuture.supplyAsync(() -> get(url), task -> new Thread(task).start()),
            CompletableFuture.supplyAsync(() -> get(url), task -> new Thread(task).start()));
    while (assets.load().coldCallers() < 2) {
      Thread.onSpinWait();
    }
    bothWait.countDown();
    for (CompletableFuture<DeliveryResponse> one : both) {
      assertThat(one.join().header("Server-Timing").orElseThrow())
          .contains(", decode;dur=3600000.000, transform;dur=0.000, encode;dur=7.000, ");
      assertThat(text(one.join())).isEqualTo("HEL");
    }
    assertThat(scene.toy.renders).hasValue(1);
    assertThat(get(url).header("Server-Timing").orElseThrow())
        .as("it is there")
        .doesNotContain("decode", "transform", "encode");
  }

  @Test
  void aTransformerThatTellsOfOneStageOnlyHasTheRestAsTheTransformation() throws IOException {
    scene.toy.beforeRender = budget -> budget.took(Stage.DECODE, Duration.ofNanos(1000));
    assertThat(get(urls.variant(hello, THREE)).header("Server-Timing").orElseThrow())
        .contains(", decode;dur=0.001, transform;dur=")
        .doesNotContain("encode");
  }

  @Test
  void whatIsWarmCostsNeitherLedgerNorStore() throws IOException {
    String url = urls.variant(hello, THREE);
    text(get(url));
    scene.awaitNothingOwed(hello);
    do { // what is known is looked up again only if a machine stood still for seconds
      text(get(url));
      scene.tap.forgetCalls();
      assertThat(text(get(url))).isEqualTo("HEL");
    } while (!lookUps().isEmpty());
  }

  @Test
  void noScopeIsToldWhatAnotherHasBySeeingItsBytesInTheCache() throws IOException {
    text(get(urls.variant(hello, THREE)));
    scene.awaitNothingOwed(hello);
    assertThat(get(urls.variant(hello, THREE)).header("Server-Timing").orElseThrow())
        .contains("cache;desc=hit");
    AssetId other =
        assets.ingest(Upload.of(ToyTransformer.toy("hello")).in(Scope.of("other"))).id();
    assets.awaitInspected(other, Scene.PATIENT);
    assertThat(get(urls.variant(other, THREE)).header("Server-Timing").orElseThrow())
        .contains("cache;desc=miss");
  }

  @Test
  void anExtensionOfAutoIsNegotiatedAndSaysSo() throws IOException {
    String url = urls.variant(hello, image().width(2));
    assertThat(url).endsWith(".auto");
    DeliveryResponse modern = get(url, "Accept", "image/webp,*/*;q=0.1");
    DeliveryResponse plain = get(url, "Accept", "image/webp;q=0");
    assertThat(modern.header("Vary")).contains("Accept");
    assertThat(plain.header("Vary")).contains("Accept");
    assertThat(get(url, "If-None-Match", "*").header("Vary")).contains("Accept");
    assertThat(assets.explain(hello).variants())
        .extracting(row -> row.transformation())
        .containsExactlyInAnyOrder("w=2,format=webp", "w=2,format=jpeg");
  }

  @Test
  void originalsAreServedUnderTheirNamesWithoutActing() throws IOException {
    AssetId page =
        assets
            .ingest(
                Upload.of("<html><script>alert(1)</script></html>".getBytes(StandardCharsets.UTF_8))
                    .named("a\"b\r\nSet-Cookie: x; ü.html"))
            .id();
    String url = urls.original(page, "html");
    assertThat(url).contains("/original/");
    DeliveryResponse response = get(url);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Disposition").orElseThrow())
        .startsWith("attachment; filename*=UTF-8''")
        .matches("[\\x20-\\x7e]*")
        .doesNotContain("\"");
    assertThat(response.header("Content-Security-Policy").orElseThrow()).contains("sandbox");
    assertThat(text(response)).contains("alert(1)");
    assertThatThrownBy(() -> urls.original(page, "../x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsNotThereIsToldApartFromWhatCannotBe() {
    AssetId unknown = AssetId.of(Digest.ofContent(new byte[] {1}));
    assertThat(get(urls.variant(unknown, THREE)).status()).isEqualTo(404);
    assertThat(get(urls.original(unknown, "bin")).status()).isEqualTo(404);
    AssetId rejected = assets.ingest(Upload.of("toy!".getBytes(StandardCharsets.UTF_8))).id();
    assertThat(get(urls.variant(rejected, THREE)).status()).isEqualTo(422);
    AssetId other = assets.ingest(Upload.of(new byte[] {7})).id();
    assertThat(get(urls.variant(other, THREE)).status()).isEqualTo(415);
    assertThat(get(urls.variant(hello, image().fill(2, 2))).status()).isEqualTo(415);
    DeliveryResponse refused = ask("POST", urls.variant(hello, THREE));
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("Allow")).contains("GET, HEAD");
    scene.tap.intercept(
        (name, proceed) -> {
          throw new LedgerException("away", null, false);
        });
    assertThat(get(urls.variant(hello, image().width(4))).status()).isEqualTo(500);
  }

  @Test
  void whoeverComesTooEarlyIsToldWhenToComeBack() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    scene.toy.beforeRender =
        budget -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    delivery = Delivery.of(assets, KEYS).patience(Duration.ofMillis(1)).build();
    String url = urls.variant(hello, THREE);
    DeliveryResponse early = get(url);
    assertThat(early.status()).isEqualTo(503);
    assertThat(early.header("Retry-After")).contains("1");
    assertThat(early.header("Cache-Control")).contains("no-store");
    go.countDown();
    delivery = Delivery.of(assets, KEYS).build();
    assertThat(text(get(url))).isEqualTo("HEL");
  }
}

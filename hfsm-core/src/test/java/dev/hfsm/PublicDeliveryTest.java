package dev.hfsm;

import static dev.hfsm.transform.Transformation.image;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.transform.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client gets without a signature. */
@Timeout(300)
class PublicDeliveryTest extends DeliveryFixture {

  /** For how long an answer is remembered, whatever the machine does meanwhile. */
  private static final Duration REMEMBERED = Duration.ofSeconds(4);

  private AssetId shown;

  @Override
  PipelineBuilder pipeline() {
    return presets(scene.builder());
  }

  @BeforeEach
  void show() {
    shown = inspected("hello", Visibility.PUBLIC);
  }

  private static PipelineBuilder presets(PipelineBuilder builder) {
    return builder
        .preset("three", THREE)
        .preset("any", image().width(4))
        .preset("wide-2", image().cover(4, 2), 2, 4)
        .preset("stretched", image().fill(2, 2));
  }

  private AssetId inspected(String text, Visibility visibility) {
    AssetId id = assets.ingest(Upload.of(ToyTransformer.toy(text)).visibility(visibility)).id();
    assets.awaitInspected(id, Scene.PATIENT);
    return id;
  }

  /** All that a client sees. */
  private static String seen(DeliveryResponse response) throws IOException {
    return response.status() + "\n" + response.headers() + "\n" + text(response);
  }

  @Test
  void aPresetOfAPublicAssetIsServedToAnybodyForEver() throws IOException {
    String url = urls.preset(shown, "three");
    assertThat(url).matches("/v/three-[0-9a-f]{8}/" + shown.digest().hex() + "\\.jpg");
    DeliveryResponse response = get(url);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Cache-Control")).contains("public, max-age=31536000, immutable");
    assertThat(response.header("Vary")).isEmpty();
    assertThat(text(response)).isEqualTo("HEL");
    assertThat(text(get(urls.variant(shown, "three"))))
        .as("the signed link leads to the same variant")
        .isEqualTo("HEL");
    assertThat(scene.toy.renders).hasValue(1);
  }

  @Test
  void whatIsWarmCostsNeitherLedgerNorStore() throws IOException {
    String url = urls.preset(shown, "three");
    text(get(url));
    scene.awaitNothingOwed(shown);
    do { // what is known is looked up again only if a machine stood still for seconds
      text(get(url));
      scene.tap.forgetCalls();
      assertThat(get(url).header("Server-Timing").orElseThrow()).contains("cache;desc=hit");
      assertThat(text(get(url))).isEqualTo("HEL");
    } while (!lookUps().isEmpty());
  }

  @Test
  void whatIsPrivateIsAnsweredAsWhatIsNotThere() throws IOException {
    AssetId purged = inspected("purged", Visibility.PUBLIC);
    assets.maintenance().purge(purged);
    AssetId rejected = assets.ingest(Upload.of("toy!".getBytes(StandardCharsets.UTF_8))).id();
    assets.awaitInspected(rejected, Scene.PATIENT);
    Map<String, AssetId> hidden = new LinkedHashMap<>();
    hidden.put("unknown", AssetId.of(Digest.ofContent(new byte[] {1})));
    hidden.put("private", inspected("private", Visibility.PRIVATE));
    hidden.put("purged", purged);
    hidden.put("private and rejected", rejected);
    hidden.put("of a type that has no variants", assets.ingest(Upload.of(new byte[] {9})).id());
    hidden.put("of another scope", new AssetId(new Scope("shop"), shown.digest()));
    assertThat(text(get(urls.variant(hidden.get("private"), "three")))).isEqualTo("PRI");
    assets.close();
    AssetPipeline still = scene.built(presets(scene.builder())); // whose threads ask nothing
    String[][] ways = {
      {"GET"},
      {"HEAD"},
      {"POST"},
      {"GET", "If-None-Match", "*"},
      {"GET", "If-Match", "\"x\""},
      {"GET", "Range", "bytes=0-0"},
      {"GET", "Accept", "image/webp"},
    };
    for (String preset : List.of("three", "any", "wide-2.2", "stretched")) {
      for (String[] way : ways) {
        delivery = Delivery.of(still, KEYS).build();
        String expected = null;
        for (Map.Entry<String, AssetId> one : hidden.entrySet()) {
          String url = urls.preset(one.getValue(), preset);
          long begun = System.nanoTime();
          for (int time = 1; time <= 2; time++) {
            scene.tap.forgetCalls();
            String answer =
                seen(way.length == 1 ? ask(way[0], url) : ask(way[0], url, way[1], way[2]));
            if (time == 1 || System.nanoTime() - begun < REMEMBERED.toNanos()) {
              assertThat(scene.tap.calls())
                  .as("%s, %s, time %d", one.getKey(), String.join(" ", way), time)
                  .isEqualTo(
                      time == 2 || way[0].equals("POST") ? List.of() : List.of("reader.asset"));
            }
            expected = expected == null ? answer : expected;
            assertThat(answer)
                .as("%s, %s", one.getKey(), String.join(" ", way))
                .isEqualTo(expected);
          }
        }
        assertThat(expected).startsWith(way[0].equals("POST") ? "405" : "404");
      }
    }
  }

  @Test
  void theRowOfAPrivateAssetAtHandDoesNotMakeItsAnswerFaster() throws IOException {
    AssetId hidden = inspected("hidden", Visibility.PRIVATE);
    text(get(urls.variant(hidden, THREE))); // its rows are in the cache now
    scene.tap.forgetCalls();
    assertThat(get(urls.preset(hidden, "three")).status()).isEqualTo(404);
    assertThat(lookUps()).containsExactly("reader.asset");
  }

  @Test
  void anAssetIsShownAndHiddenLater() throws IOException {
    AssetId later = inspected("later", Visibility.PRIVATE);
    String url = urls.preset(later, "three");
    assertThat(get(url).status()).isEqualTo(404);
    assets.show(later, Visibility.PUBLIC);
    delivery =
        Delivery.of(assets, KEYS)
            .patience(Scene.PATIENT)
            .build(); // what it remembers is another test's matter
    assertThat(text(get(url))).isEqualTo("LAT");
    assets.show(later, Visibility.PRIVATE);
    delivery = Delivery.of(assets, KEYS).patience(Scene.PATIENT).build();
    assertThat(get(url).status()).isEqualTo(404);
  }

  @Test
  void anotherRevisionOfAPresetIsLentWhatIsNow() throws IOException {
    String url = urls.preset(shown, "three");
    AssetPipeline newer =
        scene.built(scene.builder().preset("three", image().width(2).format(Format.JPEG)));
    newer.start();
    assertThat(AssetUrls.of(newer, KEYS, "").preset(shown, "three")).isNotEqualTo(url);
    delivery = Delivery.of(newer, KEYS).patience(Scene.PATIENT).build();
    DeliveryResponse lent = get(url);
    assertThat(lent.header("Cache-Control")).contains("public, max-age=60");
    assertThat(text(lent)).isEqualTo("HE");
  }

  @Test
  void aPresetIsThereInTheWidthsThatItDeclaresAndInNoOther() throws IOException {
    String set = urls.srcset(shown, "wide-2");
    assertThat(set).matches("/v/wide-2\\.2-\\S+\\.auto 2w, /v/wide-2\\.4-\\S+\\.auto 4w");
    assertThat(urls.srcset(shown, "wide-2", 4)).matches("/v/wide-2\\.4-\\S+ 4w");
    for (String candidate : set.split(", ")) {
      assertThat(get(candidate.split(" ")[0]).status()).isEqualTo(200);
    }
    assertThat(assets.explain(shown).variants())
        .extracting(row -> row.transformation())
        .containsExactlyInAnyOrder(
            "w=2,h=1,fit=cover,format=jpeg", "w=4,h=2,fit=cover,format=jpeg");
    assertThat(get(set.split(" ")[0].replace("wide-2.2-", "wide-2.3-")).status()).isEqualTo(404);
    assertThatThrownBy(() -> urls.srcset(shown, "wide-2", 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wide-2.3");
    assertThatThrownBy(() -> urls.srcset(shown, "three"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("declares widths");
  }

  @Test
  void aPresetWithoutAFormatIsThereInEachAndOneWithAFormatInThatAlone() throws IOException {
    assertThat(urls.preset(shown, "any")).endsWith(".auto");
    for (Format format : Format.values()) {
      assertThat(get(urls.preset(shown, "any", format)).status()).as("%s", format).isEqualTo(200);
    }
    assertThat(urls.preset(shown, "three", Format.JPEG)).isEqualTo(urls.preset(shown, "three"));
    assertThatThrownBy(() -> urls.preset(shown, "three", Format.PNG))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> urls.preset(shown, "three", Format.AUTO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> urls.preset(shown, "four"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[any, stretched, three, wide-2, wide-2.2, wide-2.4]");
  }

  @Test
  void whateverAutoIsAnsweredSaysThatItDependsOnTheClient() throws IOException {
    String url = urls.preset(shown, "any");
    for (String accept : List.of("image/webp", "*/*", "*/*;q=0", "image/webp;q=0, image/*", "x")) {
      DeliveryResponse response = get(url, "Accept", accept);
      assertThat(response.status()).as(accept).isEqualTo(200);
      assertThat(response.header("Vary")).as(accept).contains("Accept");
    }
    assertThat(get(url, "If-None-Match", "*").header("Vary")).contains("Accept");
    assertThat(get(url, "If-Match", "\"x\"").header("Vary")).contains("Accept");
    DeliveryResponse outside = get(url, "Range", "bytes=999999-");
    assertThat(outside.status()).isEqualTo(416);
    assertThat(outside.header("Vary")).contains("Accept");
    AssetId unknown = AssetId.of(Digest.ofContent(new byte[] {1}));
    assertThat(get(urls.preset(unknown, "any")).header("Vary")).contains("Accept");
    AssetId other = assets.ingest(Upload.of(new byte[] {1, 2}).visibility(Visibility.PUBLIC)).id();
    DeliveryResponse none = get(urls.preset(other, "any"));
    assertThat(none.status()).isEqualTo(415);
    assertThat(none.header("Vary")).contains("Accept");
    DeliveryResponse forged = get(urls.variant(shown, image().width(2)).replace("w=2", "w=1"));
    assertThat(forged.status()).isEqualTo(403);
    assertThat(forged.header("Vary")).contains("Accept");
    DeliveryResponse nowhere = get(url.replace("/any-", "/none-"));
    assertThat(nowhere.status()).isEqualTo(404);
    assertThat(nowhere.header("Vary")).contains("Accept");
    assertThat(ask("POST", url).header("Vary")).contains("Accept");
    assertThat(get(urls.preset(unknown, "three")).header("Vary")).isEmpty();
  }

  @Test
  void whatIsNeitherSignedNorAPresetCostsNothing() {
    // Workers and chores of a started pipeline would be counted as well.
    AssetPipeline still = scene.built(presets(scene.builder()));
    delivery = Delivery.of(still, KEYS).build();
    AssetId hidden = AssetId.of(Digest.ofContent(ToyTransformer.toy("hello")));
    List<String> real =
        List.of(
            urls.preset(shown, "three"),
            urls.preset(shown, "any"),
            urls.srcset(shown, "wide-2", 2).split(" ")[0],
            urls.variant(hidden, THREE),
            urls.original(hidden, "txt"));
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> forged = new ArrayList<>();
    while (forged.size() < 10_000) {
      forged.add(forged(real.get(random.nextInt(real.size())), random));
    }
    int renders = scene.toy.renders.get();
    assets.close();
    scene.tap.forgetCalls();
    for (String path : forged) {
      try (DeliveryResponse response = get(path)) {
        assertThat(response.status()).as("%s (seed %d)", path, seed).isIn(403, 404);
      }
    }
    assertThat(scene.tap.calls()).isEmpty();
    assertThat(scene.toy.renders).hasValue(renders);
  }

  /** Another preset, width, format or place of it; another signature, recipe or asset. */
  private static String forged(String real, Random random) {
    if (real.startsWith("/v/")) {
      switch (random.nextInt(6)) {
        case 0:
          return real.replaceFirst("/v/[a-z]+", "/v/x" + random.nextInt(1000));
        case 1:
          return real.replaceFirst(
              "(\\.[0-9]+)?-([0-9a-f]{8})/", "." + (5 + random.nextInt(9000)) + "-$2/");
        case 2:
          return real.replaceFirst("\\.[a-z]+$", ".avif");
        case 3:
          return real.replace("/v/", "/v/./");
        case 4:
          return real + "?w=" + random.nextInt(1000);
        default:
          return real.replaceFirst("/v/[^/]*-", "/v/w=" + random.nextInt(1000) + "-");
      }
    }
    int slash = real.indexOf('/', "/s/k1.".length());
    char[] characters = real.toCharArray();
    int at = "/s/k1.".length() + random.nextInt(slash - "/s/k1.".length());
    characters[at] = characters[at] == 'A' ? 'B' : 'A';
    String path = new String(characters);
    return random.nextBoolean() ? path : path.replaceFirst("w=3", "w=" + random.nextInt(1, 999));
  }

  @Test
  void withoutKeysWhatIsPublicIsServedAndNothingIsSigned() throws IOException {
    String signed = urls.variant(shown, THREE);
    delivery = Delivery.of(assets, SigningKeys.none()).build();
    AssetUrls open = AssetUrls.of(assets, SigningKeys.none(), "https://cdn.example.com");
    String url = open.preset(shown, "three");
    assertThat(text(get(url.substring("https://cdn.example.com".length())))).isEqualTo("HEL");
    assertThat(get(signed).status()).isEqualTo(403);
    assertThatThrownBy(() -> open.variant(shown, "three"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("signing keys: expected one");
    assertThatThrownBy(() -> SigningKeys.none().accepting("k1", new byte[32]))
        .isInstanceOf(IllegalStateException.class);
    assertThat(SigningKeys.none()).hasToString("signing nothing");
  }

  @Test
  void aScopeStandsInFrontOfAPreset() throws IOException {
    AssetId elsewhere =
        assets
            .ingest(
                Upload.of(ToyTransformer.toy("elsewhere"))
                    .in(new Scope("shop"))
                    .visibility(Visibility.PUBLIC))
            .id();
    String url = urls.preset(elsewhere, "three");
    assertThat(url).startsWith("/~shop/v/three-");
    assertThat(text(get(url))).isEqualTo("ELS");
    assertThat(get(url.substring("/~shop".length())).status()).isEqualTo(404);
  }

  @Test
  void aPresetThatCannotBeMadeOfAnAssetIsNotTriedForEveryRequest() throws IOException {
    scene.toy.refused = 3;
    String url = urls.preset(shown, "three");
    DeliveryResponse first = get(url);
    assertThat(first.status()).isEqualTo(422);
    assertThat(first.header("Cache-Control")).contains("max-age=5");
    String answer = text(first);
    scene.tap.forgetCalls();
    for (int i = 0; i < 100; i++) {
      DeliveryResponse again = get(url);
      assertThat(again.status()).isEqualTo(422);
      assertThat(text(again)).isEqualTo(answer);
    }
    assertThat(lookUps()).as("for 100 requests").hasSizeLessThan(20);
    assertThat(scene.toy.renders).hasValue(1);
    assertThat(text(get(urls.preset(shown, "any")))).as("others are").isEqualTo("HELL");
  }

  @Test
  void aCrowdAtPresetsOfWhatIsNotThereIsShedWhileAPublicPictureIsServed() throws Exception {
    String warm = urls.preset(shown, "three");
    assertThat(text(get(warm))).isEqualTo("HEL");
    scene.awaitNothingOwed(shown);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger mostInside = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    scene.tap.intercept(
        (name, proceed) -> {
          if (!name.equals("reader.asset") || proceed.arguments().contains(shown)) {
            return proceed.now();
          }
          mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
          go.await();
          inside.decrementAndGet();
          return proceed.now();
        });
    ExecutorService clients = Executors.newCachedThreadPool();
    try {
      ExecutorCompletionService<DeliveryResponse> crowd = new ExecutorCompletionService<>(clients);
      int many = 200;
      for (int i = 0; i < many; i++) {
        AssetId madeUp = AssetId.of(Digest.ofContent(("made up " + i).getBytes(UTF_8)));
        crowd.submit(() -> get(urls.preset(madeUp, "three")));
      }
      for (int i = 0; i < many - 4; i++) {
        DeliveryResponse shed = crowd.take().get();
        assertThat(shed.status()).isEqualTo(503);
        assertThat(shed.header("Retry-After")).contains("1");
        assertThat(shed.header("Server-Timing")).isEmpty();
      }
      assertThat(text(get(warm))).isEqualTo("HEL");
      while (mostInside.get() < 4) {
        Thread.onSpinWait(); // until all who have a connection have come to ask
      }
      assertThat(mostInside).as("connections that the crowd takes").hasValue(4);
      go.countDown();
      for (int i = 0; i < 4; i++) {
        assertThat(crowd.take().get().status()).isEqualTo(404);
      }
    } finally {
      go.countDown();
      clients.shutdown();
    }
  }
}

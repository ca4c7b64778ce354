package dev.hfsm;

import static dev.hfsm.Scene.inspected;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.error.OverloadedException;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client gets while a crowd wants what nobody has made yet. */
@Timeout(300)
class SheddingTest {

  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  @TempDir Path spool;
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final Semaphore go = new Semaphore(0);
  private final AtomicInteger rendering = new AtomicInteger();
  private final AtomicInteger mostRendering = new AtomicInteger();
  private Scene scene;
  private AssetPipeline assets;
  private Delivery delivery;
  private AssetUrls urls;
  private AssetId asset;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    scene.toy.beforeRender =
        budget -> {
          mostRendering.accumulateAndGet(rendering.incrementAndGet(), Math::max);
          go.acquireUninterruptibly();
          rendering.decrementAndGet();
        };
  }

  @AfterEach
  void close() {
    go.release(10_000);
    scene.close();
    clients.shutdownNow();
  }

  private void serve(PipelineBuilder builder, Duration patience) {
    assets = scene.started(builder);
    delivery = Delivery.of(assets, KEYS).clock(scene.clock).patience(patience).build();
    urls = AssetUrls.of(assets, KEYS, "").clock(scene.clock);
    asset = inspected(assets, "x".repeat(2000));
  }

  private void serve(PipelineBuilder builder) {
    serve(builder, Scene.PATIENT);
  }

  private static Transformation jpeg(int width) {
    return image().width(width).format(Format.JPEG);
  }

  private DeliveryResponse get(Transformation recipe) {
    return delivery.handle(DeliveryRequest.get(urls.variant(asset, recipe)));
  }

  private DeliveryResponse get(Transformation recipe, String accept) {
    Map<String, List<String>> headers = Map.of("Accept", List.of(accept));
    return delivery.handle(new DeliveryRequest("GET", urls.variant(asset, recipe), headers));
  }

  private static int length(DeliveryResponse response) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (response) {
      response.body().writeTo(out);
    }
    return out.size();
  }

  private static String text(DeliveryResponse response) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    response.body().writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("waited in vain").isFalse();
      Thread.onSpinWait();
    }
  }

  /** What was answered is written down, and nobody waits. */
  private void awaitRoom() {
    until(() -> assets.load().coldVariants() == 0);
  }

  private void make(Transformation... recipes) {
    for (Transformation recipe : recipes) {
      go.release();
      assertThat(get(recipe).status()).isEqualTo(200);
      awaitRoom();
    }
  }

  /** From here on somebody waits for a variant, and nobody else may. */
  private Future<DeliveryResponse> fill() {
    Future<DeliveryResponse> waits = clients.submit(() -> get(jpeg(1999)));
    until(() -> assets.load().coldVariants() == 1);
    return waits;
  }

  @Test
  void whoIsTurnedAwayIsToldWhenToComeBack() throws IOException {
    serve(scene.builder().coldVariants(1));
    fill();
    DeliveryResponse shed = get(jpeg(100));
    assertThat(shed.status()).isEqualTo(503);
    assertThat(Integer.parseInt(shed.header("Retry-After").orElseThrow())).isBetween(1, 30);
    assertThat(shed.header("Cache-Control")).contains("no-store");
    assertThat(shed.header("Content-Type")).contains("application/problem+json");
    assertThat(text(shed)).contains("Too busy");
    assertThat(scene.ledger.reader().variants(asset)).hasSize(1);
  }

  @Test
  void aListTakesAsMuchRoomAsItIsLong() {
    serve(scene.builder().coldVariants(2));
    fill();
    List<Transformation> two = List.of(jpeg(4), jpeg(5));
    assertThatThrownBy(() -> assets.variants(asset, two).await(Scene.PATIENT))
        .isInstanceOf(OverloadedException.class);
    go.release(10_000);
    until(() -> assets.load().coldVariants() == 0);
    List<Transformation> more = List.of(jpeg(6), jpeg(7), jpeg(8));
    assertThat(assets.variants(asset, more).await(Scene.PATIENT)).hasSize(3);
  }

  @Test
  void theNearestThatIsThereStandsInAndIsMarked() throws Exception {
    serve(scene.builder().coldVariants(1));
    make(jpeg(50), jpeg(90), jpeg(300));
    Future<DeliveryResponse> waits = fill();
    DeliveryResponse smaller = get(jpeg(100));
    assertThat(smaller.status()).isEqualTo(200);
    assertThat(smaller.header("HFSM-Stand-In")).contains("?1");
    assertThat(smaller.header("Cache-Control")).contains("public, max-age=5");
    assertThat(length(smaller)).as("90 is nearer to 100 than 300").isEqualTo(90);
    assertThat(get(jpeg(1500)).status()).as("300 is much smaller than 1500").isEqualTo(503);
    assertThat(get(jpeg(90)).header("HFSM-Stand-In")).as("it is there").isEmpty();
    go.release();
    assertThat(waits.get().header("HFSM-Stand-In")).isEmpty();
    awaitRoom();
    go.release();
    DeliveryResponse itself = get(jpeg(100));
    assertThat(itself.header("HFSM-Stand-In")).isEmpty();
    assertThat(itself.header("Cache-Control").orElseThrow()).contains("immutable");
    assertThat(length(itself)).isEqualTo(100);
  }

  @Test
  void whoWasGivenALinkIsShownNothingLargerThanItNames() throws IOException {
    serve(scene.builder().coldVariants(1));
    make(jpeg(80), jpeg(105));
    fill();
    assertThat(length(get(jpeg(100)))).as("105 is nearer").isEqualTo(80);
    assertThat(get(jpeg(70)).status()).as("there is only what is larger").isEqualTo(503);
  }

  /** Variants that are as high as their recipes say, of a picture of 2000 × 1000. */
  private void serveWithHeights() {
    scene.toy.learned = Facts.of(Fact.HEIGHT, 1000);
    scene.toy.height = recipe -> recipe.height().orElse(1);
    serve(scene.builder().coldVariants(1));
  }

  private static Transformation covering(int width, int height) {
    return image().cover(width, height).format(Format.JPEG);
  }

  @Test
  void whatStandsInIsNeitherWiderNorHigherThanTheLinkNames() throws IOException {
    serveWithHeights();
    make(covering(103, 100), covering(100, 103), covering(48, 50));
    fill();
    assertThat(get(covering(100, 100)).status()).as("too wide, too high, too small").isEqualTo(503);
    assertThat(length(get(covering(50, 50)))).as("smaller either way").isEqualTo(48);
    assertThat(length(get(covering(104, 104)))).as("the wider one is nearer").isEqualTo(103);
  }

  @Test
  void aLinkThatNamesAHeightIsNotServedWhatIsHigherHoweverNarrowItIs() throws IOException {
    serveWithHeights();
    Transformation strip = image().crop(0, 0, 100, 1000).format(Format.JPEG);
    make(strip.inside(80, 800));
    fill();
    assertThat(get(strip.height(50)).status()).as("80 × 800 for 5 × 50").isEqualTo(503);
    assertThat(get(strip.inside(100, 750)).status()).as("80 × 800 for 75 × 750").isEqualTo(503);
    assertThat(length(get(strip.height(900)))).as("80 × 800 for 90 × 900").isEqualTo(80);
    assertThat(length(get(strip.inside(90, 1000)))).as("80 × 800 for 90 × 900").isEqualTo(80);
  }

  @Test
  void aLinkThatNamesAHeightIsServedTheNearestThatIsNoHigher() throws IOException {
    serveWithHeights();
    Transformation strip = image().crop(0, 0, 100, 1000).format(Format.JPEG);
    make(strip.inside(4, 40), strip.inside(5, 48), strip.inside(6, 51));
    fill();
    assertThat(length(get(strip.height(50)))).as("5 × 48 for 5 × 50").isEqualTo(5);
  }

  @Test
  void strangersAreShownPresetsOnly() throws IOException {
    serve(
        scene
            .builder()
            .coldVariants(1)
            .preset("tiny", jpeg(22))
            .preset("small", jpeg(100))
            .preset("large", jpeg(300)));
    assets.show(asset, Visibility.PUBLIC);
    make(jpeg(20), jpeg(95), jpeg(300));
    fill();
    DeliveryResponse small = delivery.handle(DeliveryRequest.get(urls.preset(asset, "small")));
    assertThat(small.header("HFSM-Stand-In")).contains("?1");
    assertThat(length(small)).as("95 is nearer, and no preset").isEqualTo(300);
    assertThat(delivery.handle(DeliveryRequest.get(urls.preset(asset, "tiny"))).status())
        .as("20 is near, and no preset")
        .isEqualTo(503);
    assertThat(length(get(jpeg(100)))).as("to whoever has a link").isEqualTo(95);
  }

  @Test
  void nothingStandsInThatLooksDifferent() {
    serve(scene.builder().coldVariants(1));
    make(jpeg(100).grayscale(), image().cover(100, 50).format(Format.JPEG));
    fill();
    assertThat(get(jpeg(100)).status()).isEqualTo(503);
    assertThat(get(image().cover(100, 100).format(Format.JPEG)).status()).isEqualTo(503);
    assertThat(get(jpeg(110).grayscale()).status()).isEqualTo(200);
  }

  @Test
  void aStandInIsOfAFormatThatTheClientTakes() {
    serve(scene.builder().coldVariants(1));
    make(image().width(100).format(Format.WEBP));
    fill();
    Transformation open = image().width(110);
    assertThat(get(jpeg(110)).status()).as("a link that names JPEG").isEqualTo(503);
    assertThat(get(open, "image/jpeg,*/*").status()).as("a wildcard").isEqualTo(503);
    DeliveryResponse named = get(open, "image/webp;q=0.5,image/jpeg");
    assertThat(named.status()).as("WebP is taken, if JPEG is liked better").isEqualTo(200);
    assertThat(named.header("Vary")).contains("Accept");
  }

  @Test
  void whoWaitsInVainIsToldWhenToComeBackAndTheWorkGoesOn() throws IOException {
    serve(scene.builder(), Duration.ZERO);
    DeliveryResponse pending = get(jpeg(100));
    assertThat(pending.status()).isEqualTo(503);
    assertThat(pending.header("Retry-After")).contains("1");
    assertThat(text(pending)).contains("Not ready yet");
    go.release();
    until(() -> assets.load().coldVariants() == 0);
    assertThat(get(jpeg(100)).status()).isEqualTo(200);
  }

  @Test
  void clientsWithoutPatienceCannotAskForMoreThanFits() {
    serve(scene.builder().coldVariants(3), Duration.ZERO);
    for (int width = 1; width <= 20; width++) {
      assertThat(get(jpeg(width)).status()).isEqualTo(503);
    }
    assertThat(scene.ledger.reader().variants(asset)).hasSize(3);
  }

  @Test
  void whatCannotBeMadeIsSaidAgainWithoutBeingAsked() throws IOException {
    scene.toy.refused = 7;
    go.release(10);
    serve(scene.builder());
    assertThat(get(jpeg(7)).status()).isEqualTo(422);
    scene.tap.forgetCalls();
    DeliveryResponse again = get(jpeg(7));
    assertThat(again.status()).isEqualTo(422);
    assertThat(again.header("Cache-Control")).contains("max-age=5");
    assertThat(text(again)).contains("This variant cannot be made");
    assertThat(scene.tap.requests()).isZero();
    assertThat(scene.toy.renders).hasValue(1);
  }

  @Test
  void aFloodIsCappedAndShedWhileWhatIsThereIsServed() throws Exception {
    serve(scene.builder(2).renders(1).coldVariants(8).coldCallers(16));
    Transformation warm = jpeg(1000);
    make(warm);
    assertThat(length(get(warm))).isEqualTo(1000);
    List<Future<DeliveryResponse>> flood = new ArrayList<>();
    for (int width = 1; width <= 400; width++) {
      Transformation cold = image().width(width).grayscale().format(Format.JPEG);
      flood.add(clients.submit(() -> get(cold)));
    }
    until(() -> assets.load().turnedAway() == 392);
    assertThat(assets.load().coldVariants()).isEqualTo(8);
    get(warm).close();
    Thread client = Thread.currentThread();
    List<String> asked = new CopyOnWriteArrayList<>();
    scene.tap.intercept(
        (name, proceed) -> {
          if (Thread.currentThread() == client) {
            asked.add(name);
          }
          return proceed.now();
        });
    for (int i = 0; i < 100; i++) {
      assertThat(length(get(warm))).isEqualTo(1000);
    }
    assertThat(asked).as("what is there is served from the heap, 100 times").hasSizeLessThan(20);
    go.release(8);
    Map<Integer, Long> statuses =
        flood.stream()
            .map(SheddingTest::status)
            .collect(Collectors.groupingBy(s -> s, Collectors.counting()));
    assertThat(statuses.get(200)).as("at least those who waited").isGreaterThanOrEqualTo(8L);
    assertThat(statuses.keySet()).isSubsetOf(200, 503);
    assertThat(mostRendering).hasValue(1);
    assertThat(assets.load().coldCallers()).isZero();
    awaitRoom();
    List<VariantRow> rows = scene.ledger.reader().variants(asset);
    assertThat(rows).hasSize(9).allMatch(row -> row.state() == VariantState.READY);
  }

  private static int status(Future<DeliveryResponse> response) {
    try {
      return response.get().status();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}

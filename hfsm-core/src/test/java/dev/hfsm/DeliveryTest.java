package dev.hfsm;

import static dev.hfsm.Scene.inspected;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.Expiry;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.Scope;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Stage;
import dev.hfsm.transform.Transformation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client gets for a URL. */
@Timeout(300)
class DeliveryTest {

  private static final Transformation THREE = image().width(3).format(Format.JPEG);
  private static final SigningKeys KEYS = SigningKeys.of("k1", secret(1));

  @TempDir Path spool;
  private Scene scene;
  private AssetPipeline assets;
  private Delivery delivery;
  private AssetUrls urls;
  private AssetId hello;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    assets = scene.started(scene.builder().preset("three", THREE));
    delivery = Delivery.of(assets, KEYS).clock(scene.clock).build();
    urls = AssetUrls.of(assets, KEYS, "").clock(scene.clock);
    hello = inspected(assets, "hello");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static byte[] secret(int seed) {
    byte[] secret = new byte[32];
    new java.util.Random(seed).nextBytes(secret);
    return secret;
  }

  private DeliveryResponse get(String path, String... header) {
    Map<String, List<String>> headers =
        header.length == 0 ? Map.of() : Map.of(header[0], List.of(header[1]));
    return delivery.handle(new DeliveryRequest("GET", path, headers));
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
  private List<String> lookUps() {
    return scene.tap.calls().stream()
        .filter(c -> c.matches("reader\\..*|blobs\\.(open|stat)") || Tap.isRequest(c))
        .toList();
  }

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
          awaitUninterruptibly(bothWait);
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

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
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
  void nothingIsLookedUpForAPathThatIsNotSigned() throws IOException {
    String url = urls.variant(hello, THREE);
    scene.tap.forgetCalls();
    List<String> forged = new ArrayList<>();
    for (int i = "/s/k1.".length(); i < url.length(); i++) {
      char other = url.charAt(i) == 'a' ? 'b' : 'a';
      forged.add(url.substring(0, i) + other + url.substring(i + 1));
    }
    forged.add(url.replace("/s/k1.", "/s/k2."));
    forged.add("/~other" + url);
    forged.add(url.replace("w=3@", "w=4@"));
    for (String path : forged) {
      assertThat(get(path).status()).as(path).isIn(403, 404);
    }
    assertThat(lookUps()).isEmpty();
    assertThat(scene.toy.renders).hasValue(0);
  }

  @Test
  void thereIsOnePathForEachMeaning() {
    String url = urls.variant(hello, image().cover(3, 4).format(Format.PNG));
    assertThat(url).contains("/w=3,h=4,fit=cover@");
    for (String path :
        List.of(
            "",
            "/",
            "*",
            url.replace("w=3,h=4", "h=4,w=3"),
            url.replace("w=3", "w=03"),
            url.replace("w=3", "w=%33"),
            url.replace("/w=3", "//w=3"),
            url.replace("/w=3", "/../w=3"),
            url.replace(".png", ".PNG"),
            url.replace(".png", ".svg"),
            url.replace("/s/", "/%73/"),
            url + "?x",
            url + "/",
            url + "\0",
            "/x" + url,
            url.replace("w=3", "w=3" + "0".repeat(2000)))) {
      assertThat(get(path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void aLinkIsWorthNothingFromItsExpiryOn() throws IOException {
    AssetUrls expiring = urls.expiring(Expiry.after(Duration.ofMinutes(10)));
    String url = expiring.variant(hello, THREE);
    assertThat(text(get(url))).isEqualTo("HEL");
    assertThat(get(url).header("Cache-Control").orElseThrow())
        .matches("public, max-age=[0-9]{3,4}, immutable");
    assertThat(expiring.variant(hello, THREE)).as("the same within the hour").isEqualTo(url);
    scene.clock.move(Duration.ofMinutes(71));
    scene.tap.forgetCalls();
    assertThat(get(url).status()).isEqualTo(410);
    assertThat(lookUps()).isEmpty();
    assertThat(get(url.replaceFirst("\\.[0-9]+/", ".99999999999/")).status()).isEqualTo(403);
    assertThat(get(url.replaceFirst("\\.[0-9]+/", "/")).status()).isEqualTo(403);
  }

  @Test
  void howLongALinkLastsIsLookedAtEveryTime() {
    String url = urls.expiring(Expiry.after(Duration.ofMinutes(10))).original(hello, "txt");
    long before = maxAge(get(url));
    scene.clock.move(Duration.ofMinutes(5));
    assertThat(maxAge(get(url))).isEqualTo(before - 300);
    assertThat(delivery.handle(new DeliveryRequest("PUT", url, Map.of())).status()).isEqualTo(405);
    scene.clock.move(Duration.ofMinutes(71));
    assertThat(get(url).status()).isEqualTo(410);
  }

  private static long maxAge(DeliveryResponse response) {
    String kept = response.header("Cache-Control").orElseThrow();
    return Long.parseLong(kept.replaceAll("\\D+", ""));
  }

  @Test
  void keysCanBeReplaced() throws IOException {
    String old = urls.variant(hello, THREE);
    SigningKeys both = SigningKeys.of("k2", secret(2)).accepting("k1", secret(1));
    delivery = Delivery.of(assets, both).build();
    String fresh = AssetUrls.of(assets, both, "").variant(hello, THREE);
    assertThat(fresh).startsWith("/s/k2.");
    assertThat(text(get(old))).isEqualTo("HEL");
    assertThat(text(get(fresh))).isEqualTo("HEL");
    delivery = Delivery.of(assets, SigningKeys.of("k2", secret(2))).build();
    assertThat(get(old).status()).isEqualTo(403);
    assertThat(both.toString()).doesNotContain(new String(secret(2), StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> SigningKeys.of("k1", new byte[31]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 bytes or more, found 31");
    assertThatThrownBy(() -> SigningKeys.of("K!", secret(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> both.accepting("k2", secret(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aScopeIsPartOfWhatIsSigned() throws IOException {
    AssetId elsewhere =
        assets.ingest(Upload.of(ToyTransformer.toy("hello")).in(new Scope("shop"))).id();
    String url = urls.variant(elsewhere, THREE);
    assertThat(url).startsWith("/~shop/s/");
    assertThat(text(get(url))).isEqualTo("HEL");
    assertThat(get(url.substring("/~shop".length())).status()).isEqualTo(403);
    assertThat(get("/~raw" + url.substring("/~shop".length())).status()).isEqualTo(404);
  }

  @Test
  void aLosslessRecipeSaysItsFormatTwice() throws IOException {
    String url = urls.variant(hello, image().width(2).losslessWebp());
    assertThat(url).contains("/w=2,q=lossless,format=webp@").endsWith(".webp");
    assertThat(text(get(url))).isEqualTo("HE");
    for (String other : List.of(".auto", ".png", ".jpg")) {
      assertThat(get(url.replaceFirst("\\.webp$", other)).status()).as(other).isEqualTo(404);
    }
    assertThat(get(url.replace(",format=webp@", "@")).status()).isEqualTo(404);
    assertThat(get(urls.variant(hello, THREE).replace("w=3@", "w=3,format=jpeg@")).status())
        .isEqualTo(404);
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
  void aLinkOfAnotherVersionIsLentWhatIsNow() throws IOException {
    String url = urls.variant(hello, THREE);
    AssetPipeline newer =
        scene.built(scene.bare().transformer(new Renamed(scene.toy, 2)).preset("three", THREE));
    newer.start();
    delivery = Delivery.of(newer, KEYS).build();
    DeliveryResponse lent = get(url);
    assertThat(lent.header("Cache-Control")).contains("public, max-age=60");
    assertThat(text(lent)).isEqualTo("HEL");
    assertThat(AssetUrls.of(newer, KEYS, "").variant(hello, THREE)).isNotEqualTo(url);
  }

  /** The same toys by another version. */
  private record Renamed(ToyTransformer toy, int version)
      implements dev.hfsm.transform.Transformer {
    @Override
    public dev.hfsm.model.TransformerId id() {
      return new dev.hfsm.model.TransformerId("toy", version);
    }

    @Override
    public boolean inspects(MediaType source) {
      return toy.inspects(source);
    }

    @Override
    public boolean accepts(MediaType source, Transformation resolved) {
      return toy.accepts(source, resolved);
    }

    @Override
    public Facts inspect(dev.hfsm.transform.Source source, dev.hfsm.transform.Budget budget) {
      return toy.inspect(source, budget);
    }

    @Override
    public List<dev.hfsm.transform.Rendition> render(
        dev.hfsm.transform.Source source,
        List<Transformation> wanted,
        dev.hfsm.transform.Budget budget) {
      return toy.render(source, wanted, budget);
    }
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
    DeliveryResponse refused =
        delivery.handle(new DeliveryRequest("POST", urls.variant(hello, THREE), Map.of()));
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

  @Test
  void aHeadIsAGetWithoutABody() throws IOException {
    String url = urls.variant(hello, THREE);
    DeliveryResponse head = delivery.handle(new DeliveryRequest("HEAD", url, Map.of()));
    DeliveryResponse body = get(url);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body().size()).isZero();
    for (String field : List.of("ETag", "Content-Length", "Content-Type", "Last-Modified")) {
      assertThat(head.header(field)).isPresent().isEqualTo(body.header(field));
    }
    assertThat(
            delivery
                .handle(new DeliveryRequest("HEAD", url, Map.of("Range", List.of("bytes=0-0"))))
                .status())
        .isEqualTo(200);
  }

  @Test
  void aSrcsetNamesEachWidthInItsProportions() throws IOException {
    String set = urls.srcset(hello, image().cover(4, 2).format(Format.JPEG), 2, 4);
    assertThat(set.split(", ")).hasSize(2);
    assertThat(set).contains("/w=2,h=1,fit=cover@").contains(".jpg 2w, ").endsWith(".jpg 4w");
    for (String candidate : set.split(", ")) {
      assertThat(get(candidate.split(" ")[0]).status()).isEqualTo(200);
    }
    assertThatThrownBy(() -> AssetUrls.of(assets, KEYS, "https://cdn.example.com/"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(AssetUrls.of(assets, KEYS, "https://cdn.example.com/a").variant(hello, THREE))
        .startsWith("https://cdn.example.com/a/s/");
  }

  @Test
  void damagedBytesAreNotServedAsGood() throws IOException {
    String url = urls.variant(hello, THREE);
    text(get(url));
    scene.awaitNothingOwed(hello);
    delivery = Delivery.of(assets, KEYS).build();
    scene.tap.intercept(
        (name, proceed) ->
            name.equals("blobs.open")
                ? new java.io.ByteArrayInputStream(new byte[] {'B', 'A', 'D'})
                : proceed.now());
    assertThat(get(url).status()).isEqualTo(500);
  }

  @Test
  void aCrowdThatWantsWhatIsNotOnTheHeapReadsItOnceAndEachCountsAsAUse() throws Exception {
    String url = urls.variant(hello, THREE);
    int many = 16;
    List<Thread> crowd = new CopyOnWriteArrayList<>();
    List<String> bodies = new CopyOnWriteArrayList<>();
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger opened = new AtomicInteger();
    AtomicLong uses = new AtomicLong();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("blobs.open") && crowd.contains(Thread.currentThread())) {
            opened.incrementAndGet();
            go.await();
          }
          if (name.equals("intake.used")) {
            ((List<?>) proceed.arguments().get(0))
                .forEach(use -> uses.addAndGet(((VariantUse) use).uses()));
          }
          return proceed.now();
        });
    text(get(url));
    scene.awaitNothingOwed(hello);
    delivery = Delivery.of(assets, KEYS).clock(scene.clock).build();
    for (int i = 0; i < many; i++) {
      crowd.add(new Thread(() -> bodies.add(textOf(url))));
    }
    crowd.forEach(Thread::start);
    while (!crowd.stream().allMatch(DeliveryTest::waits)) {
      Thread.onSpinWait();
    }
    go.countDown();
    for (Thread client : crowd) {
      client.join();
    }
    assertThat(bodies).hasSize(many).containsOnly("HEL");
    assertThat(opened).hasValue(1);
    assets.close();
    assertThat(uses).as("with the one that had it made").hasValue(many + 1L);
  }

  private String textOf(String url) {
    try {
      return text(get(url));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean waits(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  @Test
  void aReadThatFailedIsTriedAgainByWhoComesNext() throws IOException {
    String url = urls.variant(hello, THREE);
    text(get(url));
    scene.awaitNothingOwed(hello);
    delivery = Delivery.of(assets, KEYS).clock(scene.clock).build();
    scene.tap.interceptOnce(
        "blobs.open",
        (name, proceed) -> {
          throw new BlobStoreException("away", new IOException(), true);
        });
    assertThat(get(url).status()).isEqualTo(503);
    assertThat(text(get(url))).isEqualTo("HEL");
  }

  @Test
  void ofAnObjectThatWasReplacedByALargerOneNoMoreIsReadThanShowsIt() throws IOException {
    String url = urls.variant(hello, THREE);
    text(get(url));
    scene.awaitNothingOwed(hello);
    delivery = Delivery.of(assets, KEYS).clock(scene.clock).build();
    AtomicLong taken = new AtomicLong();
    scene.tap.intercept(
        (name, proceed) -> name.equals("blobs.open") ? endless(taken) : proceed.now());
    assertThat(get(url).status()).isEqualTo(500);
    assertThat(taken).hasValue(4);
  }

  /** Ends after a million bytes all the same, so that a test that fails does not fill the heap. */
  private static InputStream endless(AtomicLong taken) {
    return new InputStream() {
      @Override
      public int read() {
        return taken.incrementAndGet() > 1_000_000 ? -1 : 'x';
      }
    };
  }

  @Test
  void conditionsAreEvaluatedInTheOrderOfTheSpecification() throws IOException {
    String url = urls.variant(hello, THREE);
    DeliveryResponse plain = get(url);
    String tag = plain.header("ETag").orElseThrow();
    String date = plain.header("Last-Modified").orElseThrow();
    String before = "Sun, 06 Nov 1994 08:49:37 GMT";
    String after = "Fri, 31 Dec 2100 23:59:59 GMT";
    assertThat(tag).matches("\"[0-9a-f]{32}\"");
    Object[][] cases = {
      {"If-None-Match", tag, 304},
      {"If-None-Match", "W/" + tag, 304},
      {"If-None-Match", "\"x\", " + tag, 304},
      {"If-None-Match", "*", 304},
      {"If-None-Match", "\"x\"", 200},
      {"If-None-Match", "x" + tag, 200},
      {"If-Modified-Since", date, 304},
      {"If-Modified-Since", after, 304},
      {"If-Modified-Since", before, 200},
      {"If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT", 200},
      {"If-Modified-Since", "nonsense", 200},
      {"If-Match", tag, 200},
      {"If-Match", "*", 200},
      {"If-Match", "W/" + tag, 412},
      {"If-Match", "\"x\"", 412},
      {"If-Unmodified-Since", date, 200},
      {"If-Unmodified-Since", before, 412},
      {"If-Unmodified-Since", "nonsense", 200},
    };
    for (Object[] one : cases) {
      DeliveryResponse response = get(url, (String) one[0], (String) one[1]);
      assertThat(response.status()).as("%s: %s", one[0], one[1]).isEqualTo(one[2]);
      if (response.status() == 304) {
        assertThat(response.body().size()).isZero();
        assertThat(response.header("ETag")).contains(tag);
        assertThat(response.header("Content-Length")).isEmpty();
      }
    }
    Map<String, List<String>> both =
        Map.of("If-None-Match", List.of("\"x\""), "If-Modified-Since", List.of(date));
    assertThat(delivery.handle(new DeliveryRequest("GET", url, both)).status())
        .as("the tag decides where there is one")
        .isEqualTo(200);
  }

  @Test
  void rangesAreServedAsTheSpecificationSays() throws IOException {
    String url = urls.original(hello, "txt"); // toy:hello, 9 bytes
    String tag = get(url).header("ETag").orElseThrow();
    Object[][] cases = {
      {"bytes=0-2", 206, "toy", "bytes 0-2/9"},
      {"bytes=4-", 206, "hello", "bytes 4-8/9"},
      {"bytes=-5", 206, "hello", "bytes 4-8/9"},
      {"bytes=-100", 206, "toy:hello", "bytes 0-8/9"},
      {"bytes=8-100", 206, "o", "bytes 8-8/9"},
      {"BYTES=0-0", 206, "t", "bytes 0-0/9"},
      {"bytes=9-", 416, "", "bytes */9"},
      {"bytes=-0", 416, "", "bytes */9"},
      {"bytes=3-2", 200, "toy:hello", null},
      {"bytes=", 200, "toy:hello", null},
      {"bytes=a-b", 200, "toy:hello", null},
      {"bytes=0-1000000000000000000000", 200, "toy:hello", null},
      {"lines=0-1", 200, "toy:hello", null},
      {"bytes=0-8,0-8", 200, "toy:hello", null},
      {"bytes=" + "0-0,".repeat(40) + "1-1", 200, "toy:hello", null},
    };
    for (Object[] one : cases) {
      DeliveryResponse response = get(url, "Range", (String) one[0]);
      assertThat(response.status()).as("Range: %s", one[0]).isEqualTo(one[1]);
      assertThat(response.header("Content-Range").orElse(null)).isEqualTo(one[3]);
      assertThat(response.header("Content-Length"))
          .contains(String.valueOf(((String) one[2]).length()));
      assertThat(text(response)).isEqualTo(one[2]);
    }
    for (String condition : List.of(tag, "\"x\"", "Fri, 31 Dec 2100 23:59:59 GMT", "W/" + tag)) {
      Map<String, List<String>> headers =
          Map.of("Range", List.of("bytes=0-2"), "If-Range", List.of(condition));
      assertThat(delivery.handle(new DeliveryRequest("GET", url, headers)).status())
          .as("If-Range: %s", condition)
          .isEqualTo(condition.equals(tag) ? 206 : 200);
    }
  }

  @Test
  void severalRangesComeInSeveralParts() throws IOException {
    DeliveryResponse response = get(urls.original(hello, "txt"), "Range", "bytes=0-2, 5-6");
    assertThat(response.status()).isEqualTo(206);
    String type = response.header("Content-Type").orElseThrow();
    assertThat(type).startsWith("multipart/byteranges; boundary=");
    String boundary = type.substring(type.indexOf('=') + 1);
    String media =
        assets.find(hello).orElseThrow().facts().get(Fact.MEDIA_TYPE).orElseThrow().text();
    assertThat(text(response))
        .isEqualTo(
            ("--%1$s\r\nContent-Type: %2$s\r\nContent-Range: bytes 0-2/9\r\n\r\ntoy\r\n"
                    + "--%1$s\r\nContent-Type: %2$s\r\nContent-Range: bytes 5-6/9\r\n\r\nel\r\n"
                    + "--%1$s--\r\n")
                .formatted(boundary, media));
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.CostLimits.Beyond;
import dev.hfsm.CostLimits.Bound;
import dev.hfsm.delivery.AddressedStore;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.error.BudgetExhaustedException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.Costs;
import dev.hfsm.ledger.Spending;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What variants may cost, and what happens beyond it. */
@Timeout(300)
class CostLimitsTest {

  /** Used up by the first variant, whatever it took. */
  private static final Duration INSTANT = Duration.ofNanos(1);

  private static final Transformation PRESET = image().width(9);
  private static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  @TempDir Path spool;
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    scene.toy.beforeRender = budget -> CpuTime.spend(1); // costs something by the coarsest clock
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private AssetPipeline node(CostLimits limits) {
    return scene.started(scene.builder().preset("nine", PRESET).costs(limits));
  }

  private static Transformation wide(int width) {
    return image().width(width);
  }

  private static String made(AssetPipeline assets, AssetId id, int width) throws Exception {
    return text(assets.variant(id, wide(width)).await(PATIENT));
  }

  private static void isRefused(AssetPipeline assets, AssetId id, int width) {
    assertThatThrownBy(() -> assets.variant(id, wide(width)).await(PATIENT))
        .isInstanceOfSatisfying(
            BudgetExhaustedException.class, e -> assertThat(e.retryAfter()).isPositive());
  }

  private static List<Bound> met(AssetPipeline assets) {
    return assets.load().exhausted().stream().map(Exhausted::bound).toList();
  }

  @Test
  void aScopeThatHasUsedUpItsTimeGetsNoNewVariantsButPresets() throws Exception {
    AssetPipeline assets = node(CostLimits.NONE.scopeCpu(INSTANT));
    AssetId id = inspected(assets, "hello world");
    assertThat(made(assets, id, 3)).isEqualTo("HEL");
    isRefused(assets, id, 4);
    isRefused(assets, id, 5);
    assertThat(assets.load().exhausted())
        .containsExactly(new Exhausted(Bound.SCOPE_CPU, Scope.DEFAULT, scene.clock.instant(), 2));
    assertThat(made(assets, id, 3)).as("it is there").isEqualTo("HEL");
    assertThat(text(assets.variant(id, "nine").await(PATIENT))).isEqualTo("HELLO WOR");
    assertThat(text(assets.variant(id, PRESET.format(Format.PNG)).await(PATIENT)))
        .as("the preset in another format")
        .isEqualTo("HELLO WOR");
    assertThat(scene.ledger.reader().variants(id)).as("what was refused").hasSize(3);
    AssetId other =
        assets.ingest(Upload.of(ToyTransformer.toy("other")).in(Scope.of("other"))).id();
    assertThat(made(assets, other, 3)).as("another scope").isEqualTo("OTH");
    assets.costs(Scope.DEFAULT); // and so tells the ledger
    scene.clock.move(Duration.ofMinutes(62));
    assertThat(made(assets, id, 4)).as("an hour later").isEqualTo("HELL");
    assertThat(met(assets)).isEmpty();
  }

  @Test
  void presetsCanBeBoundedToo() throws Exception {
    AssetPipeline assets =
        node(CostLimits.NONE.scopeCpu(INSTANT).presets(CostLimits.Presets.BOUNDED));
    AssetId id = inspected(assets, "hello world");
    made(assets, id, 3);
    assertThatThrownBy(() -> assets.variant(id, "nine").await(PATIENT))
        .isInstanceOf(BudgetExhaustedException.class);
  }

  @Test
  void whatAllScopesSpendTogetherIsBounded() throws Exception {
    AssetPipeline assets = node(CostLimits.NONE.totalCpu(INSTANT));
    AssetId id = inspected(assets, "hello");
    AssetId other =
        assets.ingest(Upload.of(ToyTransformer.toy("other")).in(Scope.of("other"))).id();
    made(assets, id, 3);
    isRefused(assets, other, 3);
    assertThat(met(assets)).containsExactly(Bound.TOTAL_CPU);
  }

  @Test
  void whatOtherNodesSpendCountsAsSoonAsTheyToldAndItIsAskedAgain() throws Exception {
    AssetPipeline one = node(CostLimits.NONE.scopeCpu(INSTANT));
    AssetPipeline two = scene.started(scene.builder().costs(CostLimits.NONE));
    AssetId id = inspected(one, "hello world");
    one.variant(id, "nine").await(PATIENT); // asks for nothing: presets are free
    two.costs(Scope.DEFAULT); // whichever of the two has made it, both have told
    Costs costs = one.costs(Scope.DEFAULT);
    assertThat(costs.cpu()).isPositive();
    assertThat(costs.variants()).isEqualTo(1);
    AssetPipeline three = node(CostLimits.NONE.scopeCpu(INSTANT));
    isRefused(three, id, 3);
  }

  @Test
  void whatIsKnownOfOthersIsNoOlderThanSomeSeconds() throws Exception {
    AssetPipeline assets = node(CostLimits.NONE.scopeCpu(Duration.ofSeconds(50)));
    AssetId id = inspected(assets, "hello world");
    made(assets, id, 1);
    scene.ledger.costs().spend(List.of(spending(Duration.ofMinutes(2))));
    scene.clock.move(Duration.ofSeconds(2));
    isRefused(assets, id, 2);
  }

  private static Spending spending(Duration time) {
    return new Spending(Scope.DEFAULT, time, 1, 1);
  }

  @Test
  void workThatFailsCostsToo() {
    scene.toy.refused = 3;
    AssetPipeline assets = node(CostLimits.NONE.scopeCpu(INSTANT));
    AssetId id = inspected(assets, "hello");
    assertThatThrownBy(() -> assets.variant(id, wide(3)).await(PATIENT))
        .isInstanceOf(TransformationException.class);
    isRefused(assets, id, 4);
  }

  @Test
  void whatIsStoredIsBoundedAndFreeAgainOnceItWasEvictedAndMeasured() throws Exception {
    AssetPipeline assets = node(CostLimits.NONE.scopeBytes(6));
    AssetId id = inspected(assets, "hello world");
    made(assets, id, 4);
    made(assets, id, 5);
    isRefused(assets, id, 3);
    assertThat(met(assets)).containsExactly(Bound.SCOPE_BYTES);
    assets.costs(Scope.DEFAULT); // and so tells the ledger
    List<StorageKey> keys = scene.variantObjects();
    scene.ledger.collector().evict(Set.copyOf(keys));
    scene.clock.move(Duration.ofMinutes(2));
    isRefused(assets, id, 3);
    scene.ledger.costs().measure();
    scene.clock.move(Duration.ofSeconds(2));
    assertThat(made(assets, id, 3)).isEqualTo("HEL");
  }

  @Test
  void soManyRecipesAreAppliedToAnAssetAndNoMore() throws Exception {
    AssetPipeline assets = node(CostLimits.NONE.recipes(2));
    AssetId id = inspected(assets, "hello world");
    assets.variant(id, "nine").await(PATIENT);
    made(assets, id, 1);
    made(assets, id, 2);
    isRefused(assets, id, 3);
    assertThat(met(assets)).containsExactly(Bound.RECIPES);
    made(assets, id, 2);
    made(assets, inspected(assets, "another"), 3);
    assertThatThrownBy(() -> assets.variants(id, List.of(PRESET, wide(4), wide(5))).await(PATIENT))
        .isInstanceOf(BudgetExhaustedException.class);
  }

  @Test
  void aBoundCanBeThereToWarnOnly() throws Exception {
    AssetPipeline assets = node(CostLimits.NONE.scopeCpu(INSTANT).recipes(1).beyond(Beyond.WARN));
    AssetId id = inspected(assets, "hello world");
    made(assets, id, 1);
    assertThat(made(assets, id, 2)).isEqualTo("HE");
    assertThat(met(assets)).containsExactly(Bound.SCOPE_CPU);
  }

  @Test
  void whatIsOwedAlreadyIsWaitedFor() throws Exception {
    Semaphore go = new Semaphore(0);
    scene.toy.beforeRender = budget -> go.acquireUninterruptibly();
    AssetPipeline asking = scene.built(scene.builder());
    AssetPipeline assets = node(CostLimits.NONE.recipes(0));
    AssetId id = inspected(assets, "hello world");
    assertThatThrownBy(() -> asking.variant(id, wide(3)).await(Duration.ZERO))
        .isInstanceOf(VariantPendingException.class);
    go.release();
    assertThat(made(assets, id, 3)).isEqualTo("HEL");
  }

  @Test
  void withoutBoundsNobodyAsksWhatAnythingCosts() throws Exception {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    made(assets, id, 3);
    assertThat(scene.tap.count("costs.costs")).isZero();
    assertThat(scene.tap.count("reader.variants")).isZero();
  }

  private static DeliveryResponse get(AssetPipeline assets, AssetId id, int width) {
    String path = AssetUrls.of(assets, KEYS, "").variant(id, wide(width).format(Format.JPEG));
    Delivery delivery = Delivery.of(assets, KEYS).patience(PATIENT).build();
    return delivery.handle(DeliveryRequest.get(path));
  }

  @Test
  void aClientIsToldThatNoMoreAreMade() {
    AssetPipeline assets = node(CostLimits.NONE.recipes(1));
    AssetId id = inspected(assets, "hello world");
    assertThat(get(assets, id, 4).status()).isEqualTo(200);
    DeliveryResponse refused = get(assets, id, 3);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).contains("3600");
    assertThat(refused.header("Cache-Control")).contains("no-store");
    assertThat(get(assets, id, 4).status()).isEqualTo(200);
  }

  @Test
  void aClientCanBeShownTheNearestInstead() {
    AssetPipeline assets = node(CostLimits.NONE.recipes(1).beyond(Beyond.STAND_IN));
    AssetId id = inspected(assets, "hello world");
    assertThat(get(assets, id, 4).status()).isEqualTo(200);
    scene.awaitNothingOwed(id); // it is answered before it is kept, and can stand in
    DeliveryResponse nearest = get(assets, id, 5);
    assertThat(nearest.status()).isEqualTo(200);
    assertThat(nearest.header("HFSM-Stand-In")).contains("?1");
    assertThat(nearest.header("Content-Length")).contains("4");
    assertThat(get(assets, id, 9).status()).as("a preset").isEqualTo(200);
    assertThat(get(assets, id, 1).status()).as("nothing comes near").isEqualTo(429);
  }

  @Test
  void nobodyIsSentToTheStoreForTheNearest() {
    AssetPipeline assets =
        scene.started(
            AssetPipeline.builder()
                .ledger(scene.tap.over(scene.ledger))
                .blobs(scene.tap.over(new AddressedStore(scene.blobs)))
                .clock(scene.clock)
                .spool(spool)
                .transformer(scene.toy)
                .costs(CostLimits.NONE.recipes(1).beyond(Beyond.STAND_IN)));
    AssetId id = inspected(assets, "hello world");
    Delivery redirecting =
        Delivery.of(assets, KEYS).clock(scene.clock).patience(PATIENT).redirectFrom(1).build();
    AssetUrls urls = AssetUrls.of(assets, KEYS, "").clock(scene.clock);
    DeliveryRequest made = DeliveryRequest.get(urls.variant(id, wide(4).format(Format.JPEG)));
    redirecting.handle(made).close();
    scene.awaitNothingOwed(id);
    assertThat(redirecting.handle(made).status()).isEqualTo(307);
    DeliveryResponse nearest =
        redirecting.handle(DeliveryRequest.get(urls.variant(id, wide(5).format(Format.JPEG))));
    assertThat(nearest.status()).isEqualTo(200);
    assertThat(nearest.header("HFSM-Stand-In")).contains("?1");
    assertThat(nearest.header("Cache-Control")).contains("public, max-age=5");
  }

  /** As docs/operations.md shows it. */
  private static PipelineBuilder example() {
    return AssetPipeline.builder()
        .costs(
            CostLimits.NONE
                .scopeCpu(Duration.ofMinutes(30)) // of processors, within an hour, for each scope
                .totalCpu(Duration.ofHours(2)) // the same for all scopes together
                .scopeBytes(20_000_000_000L) // of variants of each scope
                .totalBytes(200_000_000_000L)
                .recipes(30) // that are no presets, for each asset
                .beyond(CostLimits.Beyond.STAND_IN)); // or REFUSE (429), or WARN
  }

  @Test
  void theExampleOfThePageIsTheCodeAbove() throws Exception {
    assertThat(example()).isNotNull();
    String code = Files.readString(Path.of("src/test/java/dev/hfsm/CostLimitsTest.java"));
    int begin = code.indexOf("return AssetPipeline.builder()") + "return ".length();
    String shown = code.substring(begin, code.indexOf("; // or REFUSE", begin));
    String page = Files.readString(Path.of("../docs/operations.md"));
    assertThat(page.replaceAll("\\s+", " ")).contains(shown.replaceAll("\\s+", " "));
  }

  @Test
  void boundsBelowNothingAreRefused() {
    assertThatThrownBy(() -> CostLimits.NONE.recipes(-1))
        .hasMessageContaining("expected bounds of nothing or more");
    assertThatThrownBy(() -> CostLimits.NONE.scopeCpu(Duration.ofSeconds(-1)))
        .hasMessageContaining("expected bounds of nothing or more");
  }
}

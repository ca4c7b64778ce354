package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Accept;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Watermark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DeriveTest {
  private static final Transformation THREE = image().width(3);

  @TempDir Path spool;
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
    try (Stream<Path> files = Files.list(spool)) {
      assertThat(files).as("files left in the spool").isEmpty();
    }
  }

  @Test
  void aVariantIsMadeOnTheFirstRequestAndFoundOnTheNext() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    assertThat(scene.toy.renders).hasValue(0);
    ReadyVariant made = assets.variant(id, THREE).await(PATIENT);
    assertThat(text(made)).isEqualTo("HEL");
    assertThat(made.made()).isEqualTo(ReadyVariant.Made.NOW);
    assertThat(made.mediaType()).isEqualTo(ToyTransformer.TOY);
    assertThat(made.width()).isEqualTo(3);
    assertThat(made.height()).isEqualTo(1);
    assertThat(made.size()).isEqualTo(3);
    assertThat(made.digest()).isEqualTo(Digest.ofContent(new byte[] {'H', 'E', 'L'}));
    assertThat(made.transformation()).isEqualTo("w=3,format=jpeg");
    assertThat(made.cost()).isPositive();
    ReadyVariant found = assets.variant(id, THREE).await(Duration.ZERO);
    assertThat(found.made()).isEqualTo(ReadyVariant.Made.BEFORE);
    assertThat(found.key()).isEqualTo(made.key());
    assertThat(scene.toy.renders).hasValue(1);
    assertThat(assets.find(id).orElseThrow().state()).isEqualTo(AssetState.VARIANTS_READY);
  }

  @Test
  void aWatermarkIsAnotherAssetOfTheSameScope() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId mark = inspected(assets, "(c)");
    AssetId id = inspected(assets, "hello");
    Transformation marked = THREE.watermark(Watermark.of(mark.digest()));
    assertThat(text(assets.variant(id, marked).await(PATIENT))).isEqualTo("HELtoy:(c)");

    Scope other = new Scope("other");
    AssetId elsewhere = assets.ingest(Upload.of(toy("hello")).in(other)).id();
    assertThatThrownBy(() -> assets.variant(elsewhere, marked).await(PATIENT))
        .isInstanceOf(TransformationException.class)
        .matches(e -> !((HfsmException) e).retryable())
        .hasMessageContaining("there is no watermark " + new AssetId(other, mark.digest()));
  }

  @Test
  void aFormatIsNegotiatedBeforeTheVariantIsNamed() throws IOException {
    AssetPipeline assets = scene.started(scene.builder().preset("three", THREE));
    AssetId id = inspected(assets, "hello");
    ReadyVariant modern = assets.variant(id, "three", Accept.parse("image/webp")).await(PATIENT);
    assertThat(modern.transformation()).isEqualTo("w=3,format=webp");
    ReadyVariant plain = assets.variant(id, THREE, Accept.parse("*/*")).await(PATIENT);
    assertThat(plain.transformation()).isEqualTo("w=3,format=jpeg");
    assertThat(plain.key()).isNotEqualTo(modern.key());
    for (Format said : new Format[] {Format.WEBP, Format.JPEG}) {
      ReadyVariant found = assets.variant(id, THREE.format(said)).await(Duration.ZERO);
      assertThat(found.made()).isEqualTo(ReadyVariant.Made.BEFORE);
      assertThat(found.key()).isEqualTo(said == Format.WEBP ? modern.key() : plain.key());
    }
  }

  @Test
  void whatNoTransformerMakesIsNotNegotiated() {
    scene.toy.unknown = Format.WEBP;
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    ReadyVariant made = assets.variant(id, THREE, Accept.parse("image/webp,*/*")).await(PATIENT);
    assertThat(made.transformation()).isEqualTo("w=3,format=jpeg");
    assertThatThrownBy(() -> assets.variant(id, image().fill(1, 1), Accept.ANYTHING).await(PATIENT))
        .isInstanceOf(TransformationException.class)
        .hasMessageContaining("no transformer makes w=1,h=1,fit=fill,format=jpeg");
  }

  @Test
  void whatMovesIsNotMadeStillByAuto() throws IOException {
    scene.toy.learned = Facts.of(Fact.MEDIA_TYPE, MediaType.GIF).with(Fact.FRAMES, 7);
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    Accept chrome = Accept.parse("image/avif,image/webp,image/*,*/*;q=0.8");
    assertThat(assets.variant(id, THREE, chrome).await(PATIENT).transformation())
        .as("WebP moves as well")
        .isEqualTo("w=3,format=webp");
    Accept older = Accept.parse("image/png,image/*;q=0.8,*/*;q=0.5");
    assertThat(assets.variant(id, THREE, older).await(PATIENT).transformation())
        .isEqualTo("w=3,format=gif");
    assertThat(assets.variant(id, THREE).await(PATIENT).transformation())
        .isEqualTo("w=3,format=gif");
    assertThat(assets.variant(id, THREE.format(Format.PNG), chrome).await(PATIENT).transformation())
        .isEqualTo("w=3,format=png");
  }

  @Test
  void aPresetIsARecipeByName() throws IOException {
    AssetPipeline assets = scene.started(scene.builder().preset("three", THREE));
    AssetId id = inspected(assets, "hello");
    assertThat(text(assets.variant(id, "three").await(PATIENT))).isEqualTo("HEL");
    assertThatThrownBy(() -> assets.variant(id, "four"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected one of [three], found four");
  }

  @Test
  void manyWhoWaitForTheSameVariantGetOneRendition() throws Exception {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    List<String> texts = Scene.together(32, () -> text(assets.variant(id, THREE).await(PATIENT)));
    assertThat(texts).hasSize(32).containsOnly("HEL");
    assertThat(scene.toy.renders).hasValue(1);
    assertThat(scene.variantObjects()).hasSize(1);
  }

  @Test
  void nothingIsMadeBeforeStartAndEverythingOwedIsMadeAfter() throws IOException {
    AssetPipeline assets = scene.built(scene.builder());
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    assertThatThrownBy(() -> assets.variant(id, THREE).await(Duration.ofMillis(5)))
        .isInstanceOf(VariantPendingException.class)
        .matches(e -> ((VariantPendingException) e).retryAfter().equals(Duration.ofSeconds(1)))
        .hasMessageContaining(Subject.inspect(id).toString());
    assertThatThrownBy(() -> assets.awaitInspected(id, Duration.ZERO))
        .isInstanceOf(VariantPendingException.class);
    assertThat(scene.toy.inspections).hasValue(0);
    assets.start();
    assertThat(text(assets.variant(id, THREE).await(ChronoUnit.FOREVER.getDuration())))
        .isEqualTo("HEL");
  }

  @Test
  void aVariantAskedForWithoutWaitingIsMadeAllTheSame() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    scene.toy.beforeRender = budget -> await(go);
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    assertThatThrownBy(() -> assets.variant(id, THREE).await(Duration.ZERO))
        .isInstanceOf(VariantPendingException.class)
        .matches(e -> ((HfsmException) e).retryable());
    go.countDown();
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
    assertThat(scene.toy.renders).hasValue(1);
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoIsInterruptedWhileWaitingStopsWaiting() {
    AssetPipeline assets = scene.built(scene.builder());
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> assets.variant(id, THREE).await(PATIENT))
        .isInstanceOf(HfsmException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).as("the interrupt status stays set").isTrue();
  }

  @Test
  void aRecipeNobodyCanMakeIsRefusedAtOnce() {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    assertThatThrownBy(() -> assets.variant(id, image().fill(1, 1)).await(PATIENT))
        .isInstanceOf(TransformationException.class)
        .hasMessageContaining("no transformer makes w=1,h=1,fit=fill,format=jpeg of text/x-toy");
    assertThat(assets.explain(id).variants()).isEmpty();
  }

  @Test
  void bytesNobodyUnderstandsAreKeptAsTheyAre() {
    AssetPipeline assets = scene.started(scene.bare());
    AssetId id = assets.ingest(Upload.of(new byte[] {1, 2, 3})).id();
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(assets.open(id).mediaType()).isEqualTo(MediaType.OCTET_STREAM);
    assertThatThrownBy(() -> assets.variant(id, THREE).await(PATIENT))
        .isInstanceOf(TransformationException.class);
  }

  @Test
  void bytesThatCannotBeDecodedAreRejectedWithTheReasonAndStayReadable() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = assets.ingest(Upload.of("toy!".getBytes(StandardCharsets.UTF_8))).id();
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.REJECTED);
    assertThat(assets.find(id).orElseThrow().facts().get(Fact.REJECTION))
        .contains("not a toy after all");
    assertThat(text(assets.open(id))).isEqualTo("toy!");
    assertThatThrownBy(() -> assets.variant(id, THREE).await(PATIENT))
        .isInstanceOf(RejectedMediaException.class)
        .hasMessageContaining("not a toy after all");
    assertThat(assets.ingest(Upload.of("toy!".getBytes(StandardCharsets.UTF_8))).outcome())
        .isEqualTo(Ingested.Outcome.DUPLICATE);
    assertThat(assets.explain(id).work()).isEmpty();
  }

  @Test
  void theHostsPolicySeesFactsAndMayRefuse() {
    AssetPipeline assets =
        scene
            .built(
                scene
                    .builder()
                    .accept(
                        (type, facts) ->
                            facts.get(Fact.WIDTH).orElse(0) > 5
                                ? Optional.of(type + " too wide")
                                : Optional.empty()))
            .start();
    AssetId wide = inspected(assets, "too wide");
    AssetId fine = inspected(assets, "fine");
    assertThat(assets.find(wide).orElseThrow().state()).isEqualTo(AssetState.REJECTED);
    assertThat(assets.find(wide).orElseThrow().facts().get(Fact.REJECTION))
        .contains("text/x-toy too wide");
    assertThat(assets.find(fine).orElseThrow().state()).isEqualTo(AssetState.METADATA_READY);
  }

  @Test
  void theSamePictureInOtherBytesIsNoted() {
    AssetPipeline assets = scene.started();
    AssetId first = inspected(assets, "Same");
    AssetId twin = inspected(assets, "SAME");
    AssetId other = inspected(assets, "other");
    assertThat(assets.find(first).orElseThrow().facts().get(Fact.SAME_PIXELS_AS)).isEmpty();
    assertThat(assets.find(twin).orElseThrow().facts().get(Fact.SAME_PIXELS_AS)).contains(first);
    assertThat(assets.find(other).orElseThrow().facts().get(Fact.SAME_PIXELS_AS)).isEmpty();
  }

  @Test
  void theListenerHearsEveryTransitionInOrder() {
    AssetPipeline assets = scene.built(scene.builder());
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    assets.start();
    assets.variant(id, THREE).await(PATIENT);
    assets.variant(id, image().width(2)).await(PATIENT);
    assets.close();
    assertThat(scene.heard)
        .extracting(t -> t.to())
        .containsExactly(
            AssetState.INGESTED,
            AssetState.DEDUP_CHECK,
            AssetState.METADATA_READY,
            AssetState.VARIANTS_READY);
    assertThat(assets.explain(id).history())
        .extracting(h -> h.to())
        .containsExactly(
            AssetState.INGESTED,
            AssetState.DEDUP_CHECK,
            AssetState.METADATA_READY,
            AssetState.VARIANTS_READY);
  }

  @Test
  void aListenerThatThrowsChangesNothing() throws IOException {
    AssetPipeline assets =
        scene
            .built(
                scene
                    .bare()
                    .transformer(scene.toy)
                    .listener(
                        (asset, transition) -> {
                          throw new StackOverflowError("listener");
                        }))
            .start();
    AssetId id = inspected(assets, "hello");
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
    assertThat(scene.toy.inspections).hasValue(1);
    assertThat(scene.toy.renders).hasValue(1);
  }

  @Test
  void aVariantWhoseBytesAreGoneIsMadeAgainWhenItIsOpened() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    ReadyVariant variant = assets.variant(id, THREE).await(PATIENT);
    StorageKey lost = scene.variantObjects().get(0);
    scene.blobs.delete(lost);
    assertThat(text(variant)).isEqualTo("HEL");
    assertThat(scene.toy.renders).hasValue(2);
    assertThat(scene.variantObjects()).hasSize(1).doesNotContain(lost);
    assertThat(text(variant)).as("opened a second time").isEqualTo("HEL");
    assertThat(scene.toy.renders).hasValue(2);
  }

  @Test
  void aVariantThatWasEvictedIsMadeAgain() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    ReadyVariant variant = assets.variant(id, THREE).await(PATIENT);
    scene.ledger.collector().evict(keysOf(scene.ledger.reader().variants(id)));
    scene.variantObjects().forEach(scene.blobs::delete);
    assertThat(text(variant)).isEqualTo("HEL");
    assertThat(scene.toy.renders).hasValue(2);
  }

  @Test
  void aVariantThatIsEvictedWhileItIsWaitedForIsAskedForAgain() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.tap.interceptOnce(
        "work.settle",
        (name, proceed) -> {
          Object published = proceed.now();
          VariantRow row = scene.ledger.reader().variants(id).get(0);
          scene.ledger.collector().evict(Set.of(Objects.requireNonNull(row.content()).key()));
          return published;
        });
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
  }

  @Test
  void aVariantOfACollectedAssetIsGone() {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    ReadyVariant variant = assets.variant(id, THREE).await(PATIENT);
    assets.releaseAll(id);
    scene.clock.move(Duration.ofSeconds(1));
    assertThat(scene.ledger.collector().collect(Duration.ZERO, 10)).containsExactly(id);
    scene.objects().forEach(scene.blobs::delete);
    assertThatThrownBy(variant::open).isInstanceOf(AssetGoneException.class);
    assertThatThrownBy(() -> assets.variant(id, image().width(1)).await(PATIENT))
        .isInstanceOf(AssetGoneException.class);
    AssetId never = AssetId.of(Digest.ofContent(new byte[] {9}));
    assertThatThrownBy(() -> assets.variant(never, THREE).await(PATIENT))
        .isInstanceOf(AssetGoneException.class);
  }

  @Test
  void aStoreThatCannotBeReachedForAMomentDelaysAVariant() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    AtomicBoolean sound = new AtomicBoolean();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("blobs.put") && isOfVariant(proceed) && !sound.getAndSet(true)) {
            throw new BlobStoreException("unreachable", null, true);
          }
          Object answer = proceed.now();
          if (name.equals("work.retry")) {
            scene.clock.move(Duration.ofHours(1));
          }
          return answer;
        });
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
    assertThat(scene.toy.renders).hasValue(2);
    assertThat(assets.explain(id).history())
        .filteredOn(h -> h.event() == AssetEvent.FIRST_VARIANT_PUBLISHED)
        .extracting(h -> h.attempt())
        .containsExactly(2);
  }

  /** Chores put as well. */
  private static boolean isOfVariant(Tap.Proceed put) {
    return put.arguments().get(0).toString().startsWith("var/");
  }

  private static Set<StorageKey> keysOf(List<VariantRow> ready) {
    return ready.stream()
        .map(row -> Objects.requireNonNull(row.content()).key())
        .collect(Collectors.toSet());
  }
}

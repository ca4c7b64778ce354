package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Watermark;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Variants of one asset that are asked for together. */
@Timeout(300)
class BurstTest {

  @TempDir Path spool;
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static List<Transformation> widths(int... widths) {
    return IntStream.of(widths).mapToObj(width -> image().width(width)).toList();
  }

  private static List<String> texts(List<ReadyVariant> variants) throws IOException {
    List<String> texts = new ArrayList<>();
    for (ReadyVariant variant : variants) {
      texts.add(text(variant));
    }
    return texts;
  }

  /**
   * A node that claims twice in a row, or while requests still come in, may tear a burst apart,
   * which costs a decode: here it claims what is due once, when all has been asked for, and not
   * again before something was made. Requests that come with their claims need none of this.
   */
  private void claimOnce(int requests, Tap.Intercept further) {
    AtomicBoolean claimed = new AtomicBoolean();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("work.claim") && isForWhatIsDue(proceed)) {
            while (scene.tap.count("work.requestAndClaim") == 0
                && (scene.tap.count("intake.requestVariant") < requests
                    || claimed.get() && scene.toy.renders.get() == 0)) {
              Thread.onSpinWait();
            }
            List<?> claims = (List<?>) proceed.now();
            claimed.compareAndSet(false, !claims.isEmpty());
            return claims;
          }
          return further.call(name, proceed);
        });
  }

  private static boolean isForWhatIsDue(Tap.Proceed proceed) {
    ClaimRequest request = (ClaimRequest) proceed.arguments().get(0);
    return request.subjects().isEmpty() && request.suspects() != ClaimRequest.Suspects.ONLY;
  }

  /** Unless a hand stood still for so long that its work was given back, and so torn apart. */
  private void assertMadeIn(int calls) {
    if (scene.tap.count("work.release") == 0) {
      assertThat(scene.toy.renders).hasValue(calls);
    }
  }

  @Test
  void whatIsAskedForTogetherIsMadeInOneGo() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    claimOnce(5, (name, proceed) -> proceed.now());
    List<ReadyVariant> made = assets.variants(id, widths(1, 2, 3, 4, 5)).await(PATIENT);
    assertThat(texts(made)).containsExactly("H", "HE", "HEL", "HELL", "HELLO");
    assertThat(made).allMatch(variant -> variant.made() == ReadyVariant.Made.NOW);
    assertMadeIn(1);
    assertThat(assets.explain(id).work()).isEmpty();
    List<ReadyVariant> found = assets.variants(id, widths(5, 1)).await(Duration.ZERO);
    assertThat(texts(found)).containsExactly("HELLO", "H");
    assertThat(found).allMatch(variant -> variant.made() == ReadyVariant.Made.BEFORE);
    assertMadeIn(1);
  }

  @Test
  void theSameRecipeTwiceIsOneVariant() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    assertThat(texts(assets.variants(id, widths(2, 2)).await(PATIENT))).containsExactly("HE", "HE");
    assertThat(scene.variantObjects()).hasSize(1);
    assertThatThrownBy(() -> assets.variants(id, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsTakenAlongLeavesNobodyBehindWhomItWouldHaveTakenAlong() throws IOException {
    AssetPipeline assets = scene.built(scene.builder(1)).start();
    AssetId other = inspected(assets, "other");
    for (int i = 0; i < 100; i++) {
      inspected(assets, "short work " + i); // after which more is claimed ahead
    }
    AssetId id = inspected(assets, "hello");
    CountDownLatch go = new CountDownLatch(1);
    scene.toy.beforeRender = budget -> DeriveTest.await(go);
    ask(assets, other, widths(1));
    awaitClaimed(other, 1);
    ask(assets, id, widths(1));
    awaitClaimed(id, 1);
    ask(assets, id, widths(2, 3)); // claimed together: one is to be made along with the other
    awaitClaimed(id, 3);
    go.countDown();
    assertThat(texts(assets.variants(id, widths(1, 2, 3)).await(PATIENT)))
        .containsExactly("H", "HE", "HEL");
  }

  private static void ask(AssetPipeline assets, AssetId id, List<Transformation> recipes) {
    assertThatThrownBy(() -> assets.variants(id, recipes).await(Duration.ZERO))
        .isInstanceOf(VariantPendingException.class);
  }

  /** Or given back, because something stood still for seconds. */
  private void awaitClaimed(AssetId id, int many) {
    while (scene.tap.count("work.release") == 0
        && scene.ledger.operator().work(id).stream()
                .filter(row -> row.leasedUntil() != null)
                .count()
            < many) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatWaitsForAHandIsTakenAlong() throws IOException {
    AssetPipeline assets = scene.built(scene.builder(1));
    AssetId id = assets.ingest(Upload.of(ToyTransformer.toy("hello"))).id();
    AssetPipeline other = scene.started();
    other.awaitInspected(id, PATIENT);
    other.close();
    for (Transformation recipe : widths(1, 2, 3)) {
      assertThatThrownBy(() -> assets.variant(id, recipe).await(Duration.ZERO))
          .isInstanceOf(VariantPendingException.class);
    }
    claimOnce(3, (name, proceed) -> proceed.now());
    assets.start();
    assertThat(texts(assets.variants(id, widths(1, 2, 3)).await(PATIENT)))
        .containsExactly("H", "HE", "HEL");
    assertMadeIn(1);
  }

  @Test
  void aRecipeThatCannotBeMadeDoesNotTouchTheOthers() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.toy.refused = 2;
    claimOnce(3, (name, proceed) -> proceed.now());
    assertThatThrownBy(() -> assets.variants(id, widths(1, 2, 3)).await(PATIENT))
        .isInstanceOf(TransformationException.class)
        .hasMessageContaining("refused");
    assertThat(texts(assets.variants(id, widths(1, 3)).await(PATIENT))).containsExactly("H", "HEL");
    assertMadeIn(4); // together, then each alone
  }

  @Test
  void aVariantThatCannotBeStoredIsTriedAgainAlone() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    AtomicBoolean first = new AtomicBoolean(true);
    claimOnce(
        3,
        (name, proceed) -> {
          if (name.equals("blobs.put")
              && ((StorageKey) proceed.arguments().get(0)).toString().startsWith("var/")
              && first.getAndSet(false)) {
            throw new BlobStoreException("full for a moment", null, true);
          }
          Object answer = proceed.now();
          if (name.equals("work.retry")) {
            scene.clock.move(Duration.ofHours(1));
          }
          return answer;
        });
    assertThat(texts(assets.variants(id, widths(1, 2, 3)).await(PATIENT)))
        .containsExactly("H", "HE", "HEL");
    assertMadeIn(2);
    assertThat(scene.variantObjects()).hasSize(3);
  }

  @Test
  void withoutAnAnswerAboutTheOthersTheFirstIsMadeAllTheSame() throws IOException {
    AssetPipeline assets = scene.started(scene.builder(1));
    AssetId id = inspected(assets, "hello");
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("operator.work")) {
            throw new LedgerException("away", null, true);
          }
          return proceed.now();
        });
    assertThat(texts(assets.variants(id, widths(1, 2, 3)).await(PATIENT)))
        .containsExactly("H", "HE", "HEL");
  }

  @Test
  void aWatermarkGoesAlone() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId mark = inspected(assets, "(c)");
    AssetId id = inspected(assets, "hello");
    Transformation marked = image().width(3).watermark(Watermark.of(mark.digest()));
    List<Transformation> recipes = List.of(image().width(1), marked, image().width(2));
    claimOnce(3, (name, proceed) -> proceed.now());
    assertThat(texts(assets.variants(id, recipes).await(PATIENT)))
        .containsExactly("H", "HELtoy:(c)", "HE");
    assertMadeIn(2);
  }

  @Test
  void aThreadThatNeverComesBackDoesNotKeepWhatItCarries() throws IOException {
    CountDownLatch over = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    AssetPipeline assets = scene.started(scene.builder(1).workTime(Duration.ofSeconds(2)));
    AssetId id = assets.ingest(Upload.of(ToyTransformer.toy("hello"))).id();
    AssetPipeline patient = scene.started();
    patient.awaitInspected(id, PATIENT);
    patient.close();
    scene.toy.beforeRender =
        budget -> {
          while (first.get() && over.getCount() > 0) {
            Thread.onSpinWait();
          }
        };
    scene.tap.intercept(
        (name, proceed) -> {
          Object answer = proceed.now();
          if (name.equals("work.retry")) {
            first.set(false);
            scene.clock.move(Duration.ofHours(1));
          }
          return answer;
        });
    try {
      List<Transformation> recipes = widths(1, 2, 3);
      assertThat(texts(assets.variants(id, recipes).await(PATIENT)))
          .containsExactly("H", "HE", "HEL");
      assertThat(assets.health().workersLost()).isGreaterThanOrEqualTo(1);
    } finally {
      over.countDown();
    }
  }

  @Test
  void twoNodesMakeEachVariantOnce() throws Exception {
    AssetPipeline one = scene.started();
    AssetPipeline two = scene.started();
    AssetId id = inspected(one, "hello");
    List<Transformation> recipes = widths(1, 2, 3, 4);
    List<List<ReadyVariant>> seen =
        Scene.together(
            8,
            () ->
                (Thread.currentThread().getId() % 2 == 0 ? one : two)
                    .variants(id, recipes)
                    .await(PATIENT));
    for (List<ReadyVariant> variants : seen) {
      assertThat(texts(variants)).containsExactly("H", "HE", "HEL", "HELL");
    }
    assertThat(scene.variantObjects()).hasSize(4);
    assertThat(seen.stream().flatMap(List::stream).map(ReadyVariant::digest).map(Digest::toString))
        .hasSize(32);
    assertThatThrownBy(() -> one.variants(id, List.of(image().fill(1, 1))).await(PATIENT))
        .isInstanceOfAny(TransformationException.class, RejectedMediaException.class);
  }
}

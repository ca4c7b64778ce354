package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Rate;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who asks first, and waits, has his variant begun at once and sees it before it is stored. */
@Timeout(300)
class FirstRequestTest {

  private static final Transformation THREE = image().width(3);
  private static final Duration SHORT = Duration.ofMillis(1);

  @TempDir Path spool;
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final CountDownLatch store = new CountDownLatch(1);
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
  }

  @AfterEach
  void close() {
    store.countDown();
    scene.close();
    callers.shutdownNow();
  }

  /** From here on the store takes no variant before it is told to. */
  private void holdTheStore() {
    scene.tap.intercept(
        (name, proceed) -> {
          if (isPutOfVariant(name, proceed)) {
            DeriveTest.await(store);
          }
          return proceed.now();
        });
  }

  private static boolean isPutOfVariant(String name, Tap.Proceed proceed) {
    return name.equals("blobs.put") && proceed.arguments().get(0).toString().startsWith("var/");
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("waited in vain").isFalse();
      Thread.onSpinWait();
    }
  }

  private VariantState state(AssetId id) {
    List<VariantRow> rows = scene.ledger.reader().variants(id);
    assertThat(rows).hasSize(1);
    return rows.get(0).state();
  }

  @Test
  void isAskedForAndClaimedAtOnce() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.tap.forgetCalls();
    ReadyVariant variant = assets.variant(id, THREE).await(PATIENT);
    assertThat(text(variant)).isEqualTo("HEL");
    assertThat(variant.made()).isEqualTo(ReadyVariant.Made.NOW);
    assertThat(scene.tap.count("work.requestAndClaim")).isEqualTo(1);
    assertThat(scene.tap.count("intake.requestVariant")).isZero();
    assets.close(); // whoever waits is answered before listeners are told
    assertThat(scene.heard).extracting(t -> t.event().name()).endsWith("FIRST_VARIANT_PUBLISHED");
  }

  @Test
  void isAnsweredWhileTheStoreIsBusy() throws Exception {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    holdTheStore();
    ReadyVariant early = assets.variant(id, THREE).awaitMade(PATIENT);
    assertThat(text(early)).isEqualTo("HEL");
    assertThat(early.made()).isEqualTo(ReadyVariant.Made.NOW);
    assertThat(early.size()).isEqualTo(3);
    assertThat(state(id)).isEqualTo(VariantState.REQUESTED);
    assertThat(scene.variantObjects()).isEmpty();
    assertThatThrownBy(() -> assets.variant(id, THREE).await(SHORT))
        .as("what is not kept is not there for whoever wants it kept")
        .isInstanceOf(VariantPendingException.class);
    ReadyVariant meanwhile = assets.variant(id, THREE).awaitMade(PATIENT);
    assertThat(text(meanwhile)).isEqualTo("HEL");
    assertThat(meanwhile.made())
        .as("for whoever comes meanwhile")
        .isEqualTo(ReadyVariant.Made.BEFORE);
    Future<ReadyVariant> keeps = callers.submit(() -> assets.variant(id, THREE).await(PATIENT));
    until(() -> assets.load().coldCallers() == 1); // or it may be kept before they wait for it
    store.countDown();
    ReadyVariant kept = keeps.get();
    assertThat(kept.digest()).isEqualTo(early.digest());
    assertThat(kept.requestedAt()).isEqualTo(early.requestedAt());
    assertThat(scene.toy.rendered).hasValue(1);
    assertThat(scene.tap.requests()).isEqualTo(1);
    until(() -> assets.load().equals(new Load(0, 0, 0, List.of())));
  }

  @Test
  void allWhoWaitForItAreAnsweredWhileTheStoreIsBusy() throws Exception {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    holdTheStore();
    List<ReadyVariant> seen =
        Scene.together(20, () -> assets.variant(id, THREE).awaitMade(PATIENT));
    for (ReadyVariant variant : seen) {
      assertThat(text(variant)).isEqualTo("HEL");
    }
    assertThat(scene.toy.rendered).hasValue(1);
    assertThat(state(id)).isEqualTo(VariantState.REQUESTED);
  }

  @Test
  void whoWantsItKeptGoesOnWaitingWhenTheOthersHaveLeft() throws Exception {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    CountDownLatch render = new CountDownLatch(1);
    scene.toy.beforeRender = budget -> DeriveTest.await(render);
    holdTheStore();
    Future<ReadyVariant> early = callers.submit(() -> assets.variant(id, THREE).awaitMade(PATIENT));
    until(() -> assets.load().coldCallers() == 1);
    Future<ReadyVariant> kept = callers.submit(() -> assets.variant(id, THREE).await(PATIENT));
    until(() -> assets.load().coldCallers() == 2);
    render.countDown();
    assertThat(text(early.get())).isEqualTo("HEL");
    assertThat(kept.isDone()).isFalse();
    store.countDown();
    assertThat(text(kept.get())).isEqualTo("HEL");
    assertThat(state(id)).isEqualTo(VariantState.READY);
  }

  @Test
  void aNodeThatDiesAfterItsAnswerLeavesTheVariantOwed() throws IOException {
    AssetPipeline dying = scene.started();
    AssetId id = inspected(dying, "hello");
    AtomicInteger puts = new AtomicInteger();
    scene.tap.intercept(
        (name, proceed) -> {
          if (isPutOfVariant(name, proceed) && puts.getAndIncrement() == 0) {
            DeriveTest.await(store);
          }
          return proceed.now();
        });
    ReadyVariant answer = dying.variant(id, THREE).awaitMade(PATIENT);
    assertThat(text(answer)).isEqualTo("HEL");
    AssetPipeline healthy = scene.started();
    scene.clock.move(Duration.ofHours(1));
    ReadyVariant again = healthy.variant(id, THREE).await(PATIENT);
    assertThat(again.digest()).isEqualTo(answer.digest());
    assertThat(again.requestedAt()).isEqualTo(answer.requestedAt());
    assertThat(scene.toy.rendered).as("once by each node").hasValue(2);
    store.countDown(); // it was not dead after all
    until(() -> scene.tap.count("blobs.delete") > 0);
    until(() -> scene.variantObjects().size() == 1);
    assertThat(state(id)).isEqualTo(VariantState.READY);
  }

  @Test
  void whatCannotBeStoredIsStoredLater() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    AtomicBoolean full = new AtomicBoolean(true);
    scene.tap.intercept(
        (name, proceed) -> {
          if (isPutOfVariant(name, proceed) && full.getAndSet(false)) {
            throw new BlobStoreException("full for a moment", null, true);
          }
          Object answer = proceed.now();
          if (name.equals("work.retry")) {
            scene.clock.move(Duration.ofHours(1));
          }
          return answer;
        });
    assertThat(text(assets.variant(id, THREE).awaitMade(PATIENT))).isEqualTo("HEL");
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
    assertThat(scene.toy.rendered).hasValue(2);
  }

  @Test
  void whatIsPurgedWhileItIsMadeIsNotShown() {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.toy.beforeRender = budget -> assets.maintenance().purge(id);
    holdTheStore();
    Future<ReadyVariant> variant =
        callers.submit(() -> assets.variant(id, THREE).awaitMade(PATIENT));
    assertThatThrownBy(variant::get).hasCauseInstanceOf(AssetGoneException.class);
    store.countDown();
    until(() -> scene.objects().isEmpty());
  }

  @Test
  void isPresentOnceItIsKept() throws Exception {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    holdTheStore();
    ReadyVariant early = assets.variant(id, THREE).awaitMade(PATIENT);
    Future<ReadyVariant> present = callers.submit(early::present);
    until(() -> assets.load().coldCallers() == 1);
    assertThat(present.isDone()).isFalse();
    store.countDown();
    assertThat(text(present.get())).isEqualTo("HEL");
    assertThat(scene.variantObjects()).hasSize(1);
    assertThat(scene.toy.rendered).hasValue(1);
  }

  @Test
  void isLeftToOthersIfItIsPaused() {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.ledger.operator().pause(WorkKind.DERIVE);
    assertThatThrownBy(() -> assets.variant(id, THREE).awaitMade(SHORT))
        .isInstanceOf(VariantPendingException.class);
    assertThat(state(id)).isEqualTo(VariantState.REQUESTED);
    assertThat(scene.toy.rendered).hasValue(0);
  }

  @Test
  void isLeftToTheThreadThatCountsIfThereIsARate() {
    AssetPipeline assets =
        scene.built(scene.builder().rate(WorkKind.DERIVE, Rate.perSecond(1_000))).start();
    AssetId id = inspected(assets, "hello");
    assets.variant(id, THREE).awaitMade(PATIENT);
    assertThat(scene.tap.count("work.requestAndClaim")).isZero();
  }

  @Test
  void isQueuedForWhoeverDoesNotWait() {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    holdTheStore(); // or it may be there before this thread looks
    assertThatThrownBy(() -> assets.variant(id, THREE).await(Duration.ZERO))
        .isInstanceOf(VariantPendingException.class);
    assertThat(scene.tap.count("work.requestAndClaim")).isZero();
    assertThat(scene.tap.count("intake.requestVariant")).isEqualTo(1);
  }

  @Test
  void isQueuedByANodeThatWasNotStarted() {
    AssetPipeline works = scene.started();
    AssetId id = inspected(works, "hello");
    AssetPipeline still = scene.built(scene.builder());
    assertThat(still.variant(id, THREE).awaitMade(PATIENT).size()).isEqualTo(3);
    assertThat(scene.tap.count("work.requestAndClaim")).isZero();
  }

  @Test
  void isDoneOrGivenBackIfTheNodeClosesMeanwhile() throws InterruptedException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    Thread closing = new Thread(assets::close);
    scene.tap.interceptOnce(
        "work.requestAndClaim",
        (name, proceed) -> {
          closing.start();
          until(() -> closing.getState() == Thread.State.TIMED_WAITING || !closing.isAlive());
          return proceed.now();
        });
    Future<?> variant = callers.submit(() -> assets.variant(id, THREE).awaitMade(SHORT));
    until(variant::isDone);
    closing.join();
    assertThat(scene.ledger.operator().work(id))
        .as("work that nobody else may begin before its lease is over")
        .noneMatch(row -> row.leasedUntil() != null);
  }

  @Test
  void aFailureIsToldAsBefore() {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.toy.refused = 3;
    assertThatThrownBy(() -> assets.variant(id, THREE).awaitMade(PATIENT))
        .hasMessageContaining("refused");
    assertThat(state(id)).isEqualTo(VariantState.FAILED);
    assertThat(scene.ledger.reader().variants(id).get(0).failure().code())
        .isNotEqualTo(WorkLedger.WORKER_LOST);
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.error.OverloadedException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Transformation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many callers want what nobody has made yet. */
@Timeout(300)
class ColdCrowdTest {

  @TempDir Path spool;
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final Semaphore go = new Semaphore(0);
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    scene.toy.beforeRender = budget -> go.acquireUninterruptibly();
  }

  @AfterEach
  void close() {
    go.release(10_000);
    scene.close();
    callers.shutdownNow();
  }

  private AssetPipeline started(PipelineBuilder builder) {
    return scene.started(builder);
  }

  private static Transformation wide(int width) {
    return image().width(width);
  }

  private Future<ReadyVariant> ask(AssetPipeline assets, AssetId id, int width) {
    return callers.submit(() -> assets.variant(id, wide(width)).await(PATIENT));
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("waited in vain").isFalse();
      Thread.onSpinWait();
    }
  }

  private static Throwable failure(Future<?> future) throws InterruptedException {
    try {
      future.get();
      throw new AssertionError("it did not fail");
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  @Test
  void howeverManyWaitForOneVariantOneAsksForIt() throws Exception {
    AssetPipeline assets = started(scene.builder().coldVariants(1));
    AssetId id = inspected(assets, "hello");
    List<Future<ReadyVariant>> variants = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      variants.add(ask(assets, id, 3));
    }
    until(() -> assets.load().coldCallers() == 60);
    assertThat(assets.load().coldVariants()).isEqualTo(1);
    go.release();
    for (Future<ReadyVariant> variant : variants) {
      assertThat(text(variant.get())).isEqualTo("HEL");
    }
    assertThat(scene.tap.requests()).isEqualTo(1);
    assertThat(scene.toy.rendered).hasValue(1);
    assertThat(assets.load()).isEqualTo(new Load(0, 0, 0, List.of()));
  }

  @Test
  void whoWantsOneVariantTooManyIsTurnedAwayWithoutATrace() throws Exception {
    AssetPipeline assets = started(scene.builder().coldVariants(2));
    AssetId id = inspected(assets, "hello");
    List<Future<ReadyVariant>> variants = List.of(ask(assets, id, 1), ask(assets, id, 2));
    until(() -> assets.load().coldVariants() == 2);
    assertThatThrownBy(() -> assets.variant(id, wide(3)).await(PATIENT))
        .isInstanceOfSatisfying(
            OverloadedException.class,
            e -> {
              assertThat(e.retryable()).isTrue();
              assertThat(e.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
            });
    assertThat(assets.load().turnedAway()).isEqualTo(1);
    Future<ReadyVariant> follower = ask(assets, id, 2);
    until(() -> assets.load().coldCallers() == 3);
    go.release(2);
    assertThat(text(variants.get(0).get())).isEqualTo("H");
    assertThat(text(variants.get(1).get())).isEqualTo("HE");
    assertThat(text(follower.get())).isEqualTo("HE");
    assertThat(scene.ledger.reader().variants(id)).hasSize(2);
    go.release();
    assertThat(text(assets.variant(id, wide(3)).await(PATIENT))).isEqualTo("HEL");
  }

  @Test
  void noMoreCallersWaitThanMay() throws Exception {
    AssetPipeline assets = started(scene.builder().coldCallers(2));
    AssetId id = inspected(assets, "hello");
    Callable<ReadyVariant> call = () -> assets.variant(id, wide(3)).await(PATIENT);
    List<Future<ReadyVariant>> variants = List.of(callers.submit(call), callers.submit(call));
    until(() -> assets.load().coldCallers() == 2);
    assertThatThrownBy(call::call).isInstanceOf(OverloadedException.class);
    go.release();
    for (Future<ReadyVariant> variant : variants) {
      assertThat(text(variant.get())).isEqualTo("HEL");
    }
  }

  @Test
  void callersWhoWaitForAnInspectionAreCountedToo() throws Exception {
    Semaphore inspect = new Semaphore(0);
    scene.toy.beforeInspection = budget -> inspect.acquireUninterruptibly();
    AssetPipeline assets = started(scene.builder().coldCallers(1));
    AssetId id = assets.ingest(Upload.of(ToyTransformer.toy("hello"))).id();
    Future<ReadyVariant> first = ask(assets, id, 3);
    until(() -> assets.load().coldCallers() == 1);
    assertThatThrownBy(() -> assets.variant(id, wide(3)).await(PATIENT))
        .isInstanceOf(OverloadedException.class);
    inspect.release();
    go.release();
    assertThat(text(first.get())).isEqualTo("HEL");
  }

  @Test
  void whatIsThereIsServedHoweverManyWait() throws Exception {
    AssetPipeline assets = started(scene.builder().coldVariants(1).coldCallers(1));
    AssetId id = inspected(assets, "hello");
    go.release();
    assertThat(text(assets.variant(id, wide(3)).await(PATIENT))).isEqualTo("HEL");
    Future<ReadyVariant> waits = ask(assets, id, 4);
    until(() -> assets.load().coldCallers() == 1);
    assertThat(text(assets.variant(id, wide(3)).await(PATIENT))).isEqualTo("HEL");
    go.release();
    assertThat(text(waits.get())).isEqualTo("HELL");
  }

  @Test
  void whoAsksWithoutWaitingTakesUpNoRoom() {
    AssetPipeline assets = started(scene.builder().coldVariants(1).coldCallers(1));
    AssetId id = inspected(assets, "hello world");
    for (int width = 1; width <= 5; width++) {
      Transformation recipe = wide(width);
      assertThatThrownBy(() -> assets.variant(id, recipe).await(Duration.ZERO))
          .isInstanceOf(VariantPendingException.class);
    }
    assertThat(assets.load()).isEqualTo(new Load(0, 0, 0, List.of()));
    go.release(5);
    until(
        () ->
            scene.ledger.reader().variants(id).stream()
                    .filter(row -> row.state() == VariantState.READY)
                    .count()
                == 5);
  }

  @Test
  void whatNobodyWaitsForAnyMoreTakesUpRoomUntilItIsMade() throws Exception {
    AssetPipeline assets = started(scene.builder().coldVariants(1));
    AssetId id = inspected(assets, "hello");
    assertThatThrownBy(() -> assets.variant(id, wide(3)).await(Duration.ofMillis(1)))
        .isInstanceOf(VariantPendingException.class);
    assertThat(assets.load()).isEqualTo(new Load(1, 0, 0, List.of()));
    assertThatThrownBy(() -> assets.variant(id, wide(4)).await(PATIENT))
        .isInstanceOf(OverloadedException.class);
    go.release();
    until(() -> assets.load().coldVariants() == 0);
    go.release();
    assertThat(text(assets.variant(id, wide(4)).await(PATIENT))).isEqualTo("HELL");
  }

  @Test
  void whoLooksAndRunsOutOfTimeHandsOverToAnother() throws Exception {
    AssetPipeline assets = started(scene.builder());
    AssetId id = inspected(assets, "hello");
    Future<ReadyVariant> impatient =
        callers.submit(() -> assets.variant(id, wide(3)).await(Duration.ofMillis(300)));
    until(() -> assets.load().coldCallers() == 1 || impatient.isDone());
    Future<ReadyVariant> patient = ask(assets, id, 3);
    assertThat(failure(impatient)).isInstanceOf(VariantPendingException.class);
    until(() -> assets.load().coldCallers() == 1);
    go.release();
    assertThat(text(patient.get())).isEqualTo("HEL");
    assertThat(scene.tap.requests()).isEqualTo(1);
  }

  @Test
  void whoIsInterruptedLeavesNothingBehind() throws Exception {
    AssetPipeline assets = started(scene.builder());
    AssetId id = inspected(assets, "hello");
    Future<ReadyVariant> gone = ask(assets, id, 3);
    until(() -> assets.load().coldCallers() == 1);
    Future<ReadyVariant> follower = ask(assets, id, 3);
    until(() -> assets.load().coldCallers() == 2);
    gone.cancel(true);
    until(() -> assets.load().coldCallers() == 1);
    go.release();
    assertThat(text(follower.get())).isEqualTo("HEL");
    until(() -> assets.load().equals(new Load(0, 0, 0, List.of())));
  }

  @Test
  void whoCannotAskLetsAnotherAsk() throws Exception {
    AssetPipeline assets = started(scene.builder());
    AssetId id = inspected(assets, "hello");
    Semaphore asked = new Semaphore(0);
    Semaphore fail = new Semaphore(0);
    scene.tap.interceptOnce(
        Tap::isRequest,
        (name, proceed) -> {
          asked.release();
          fail.acquireUninterruptibly();
          throw new LedgerException("not this time", null, false);
        });
    Future<ReadyVariant> unlucky = ask(assets, id, 3);
    asked.acquireUninterruptibly();
    Future<ReadyVariant> follower = ask(assets, id, 3);
    until(() -> assets.load().coldCallers() == 2);
    fail.release();
    assertThat(failure(unlucky)).hasMessage("not this time");
    go.release();
    assertThat(text(follower.get())).isEqualTo("HEL");
  }

  @Test
  void aFailureIsRememberedWithItsReasonAndCostsNoRequest() {
    go.release(100);
    scene.toy.refused = 4;
    AssetPipeline assets = started(scene.builder());
    AssetId id = inspected(assets, "hello");
    assertThatThrownBy(() -> assets.variant(id, wide(4)).await(PATIENT))
        .isInstanceOf(TransformationException.class);
    scene.tap.forgetCalls();
    assertThatThrownBy(() -> assets.variant(id, wide(4)).await(PATIENT))
        .isInstanceOfSatisfying(
            TransformationException.class,
            e -> {
              assertThat(e).hasMessageContaining("refused");
              assertThat(e.code()).isEqualTo("transformation");
              assertThat(e.retryAfter())
                  .isPositive()
                  .isLessThanOrEqualTo(WorkLedger.FAILURE_MEMORY);
            });
    assertThat(scene.tap.requests()).isZero();
    scene.clock.move(WorkLedger.FAILURE_MEMORY);
    scene.toy.refused = 0;
    VariantRow before = scene.ledger.reader().variants(id).get(0);
    assertThat(before.state()).isEqualTo(VariantState.FAILED);
    assertThat(assets.variant(id, wide(4)).await(PATIENT).width()).isEqualTo(4);
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> scene.builder().coldVariants(0))
        .hasMessageContaining("coldVariants: expected 1 or more, found 0");
    assertThatThrownBy(() -> scene.builder().coldCallers(0))
        .hasMessageContaining("coldCallers: expected 1 or more, found 0");
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Transition;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of work that fails, is lost, or loses its hints. */
@Timeout(300)
class WorkTest {
  private static final Transformation THREE = image().width(3);
  private static final Duration LEASE = Duration.ofSeconds(30);

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

  /** Every delay a retry asks for is over at once. */
  private void skipDelays() {
    scene.tap.intercept(
        (name, proceed) -> {
          Object answer = proceed.now();
          if (name.equals("work.retry")) {
            scene.clock.move(Duration.ofHours(1));
          }
          return answer;
        });
  }

  static Stream<Supplier<Throwable>> passing() {
    return Stream.of(
        () -> new TransformationException("busy", null, true),
        () -> new IllegalStateException("a defect"),
        () -> new OutOfMemoryError("heap"),
        StackOverflowError::new,
        () -> new AssertionError((Object) null));
  }

  private static void sneak(Throwable t) {
    if (t instanceof Error e) {
      throw e;
    }
    throw (RuntimeException) t;
  }

  @ParameterizedTest
  @MethodSource("passing")
  void whatMayPassIsTriedAgain(Supplier<Throwable> failure) throws IOException {
    skipDelays();
    scene.toy.beforeInspection =
        budget -> {
          if (scene.toy.inspections.get() < 3) {
            sneak(failure.get());
          }
        };
    scene.toy.beforeRender =
        budget -> {
          if (scene.toy.renders.get() < 2) {
            sneak(failure.get());
          }
        };
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
    assertThat(assets.explain(id).history())
        .extracting(HistoryEntry::attempt)
        .containsExactly(0, 3, 3, 2);
    assertThat(assets.explain(id).work()).isEmpty();
  }

  @Test
  void whatWasGivenUpIsStartedAgainWhenAsked() throws IOException {
    skipDelays();
    scene.toy.beforeInspection =
        budget -> {
          throw new TransformationException("broken tool", null, false);
        };
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    assertThat(assets.find(id).orElseThrow().state()).isEqualTo(AssetState.FAILED);
    scene.toy.beforeInspection = budget -> {};
    assertThat(assets.redrive(id)).isEqualTo(1);
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(scene.heard).extracting(Transition::event).contains(AssetEvent.REDRIVEN);
    assertThat(assets.redrive(id)).isZero();
  }

  @Test
  void anInspectionThatNeverWorksIsGivenUpWithItsReason() throws IOException {
    skipDelays();
    scene.toy.beforeInspection =
        budget -> {
          throw new OutOfMemoryError("Java heap space");
        };
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    assertThat(scene.toy.inspections).hasValue(8);
    assertThat(assets.find(id).orElseThrow().state()).isEqualTo(AssetState.FAILED);
    WorkRow dead = assets.explain(id).work().get(0);
    assertThat(dead.dead()).isTrue();
    assertThat(dead.attempts()).isEqualTo(8);
    assertThat(dead.failure().code()).isEqualTo("out-of-memory");
    assertThat(dead.failure().message()).contains("Java heap space");
    while (scene.heard.stream().noneMatch(told -> told.event() == AssetEvent.EXHAUSTED)) {
      Thread.onSpinWait(); // listeners are told after the row shows it
    }
    assertThatThrownBy(() -> assets.variant(id, THREE).await(PATIENT))
        .isInstanceOf(TransformationException.class)
        .hasMessageContaining("redrive");
    assertThat(text(assets.open(id))).isEqualTo("toy:hello");
    scene.toy.beforeInspection = budget -> {};
    scene.ledger.operator().redrive(dead.subject());
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
  }

  @Test
  void aVariantThatCannotBeMadeFailsAtOnceAndIsTriedAgainMuchLater() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.toy.beforeRender =
        budget -> {
          throw new TransformationException("recipe does not fit", null, false);
        };
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> assets.variant(id, THREE).await(PATIENT))
          .isInstanceOf(TransformationException.class)
          .matches(e -> !((HfsmException) e).retryable())
          .hasMessageContaining("recipe does not fit");
    }
    assertThat(scene.toy.renders).hasValue(1);
    scene.toy.beforeRender = budget -> {};
    scene.clock.move(Duration.ofMinutes(11));
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
  }

  @Test
  void aTransformerThatGivesBackNothingIsAFailureAndNotTheEndOfAWorker() {
    skipDelays();
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.toy.beforeRender =
        budget -> {
          throw new ArrayIndexOutOfBoundsException();
        };
    assertThatThrownBy(() -> assets.variant(id, THREE).await(PATIENT))
        .isInstanceOf(TransformationException.class)
        .hasMessageContaining("unexpected ArrayIndexOutOfBoundsException");
    assertThat(scene.toy.renders).hasValue(8);
    assertThat(inspected(assets, "still working").digest()).isNotNull();
  }

  @Test
  void whoLostTheLeaseMayNotPublishAndDeletesItsObject() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.tap.interceptOnce(
        "work.settle",
        (name, proceed) -> {
          assertThat(scene.variantObjects()).hasSize(1);
          scene.clock.move(LEASE.plusSeconds(1));
          return proceed.now();
        });
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
    assets.close();
    assertThat(scene.toy.renders).hasValue(2);
    assertThat(scene.variantObjects())
        .containsExactly(scene.ledger.reader().variants(id).get(0).content().key());
  }

  @Test
  void aVariantThatTookHalfTheSweepWindowIsMadeAgain() throws IOException {
    AssetPipeline assets = scene.built(scene.builder().lease(Duration.ofDays(2))).start();
    AssetId id = inspected(assets, "hello");
    boolean[] slow = {true};
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("work.settle") && slow[0]) {
            slow[0] = false;
            scene.clock.move(Duration.ofHours(13));
          }
          Object answer = proceed.now();
          if (name.equals("work.retry")) {
            scene.clock.move(Duration.ofHours(1));
          }
          return answer;
        });
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
    assertThat(scene.toy.renders).hasValue(2);
    assertThat(scene.variantObjects()).hasSize(1);
  }

  private Claim crash() {
    List<Claim> claims =
        scene
            .ledger
            .work()
            .claim(ClaimRequest.due("crashed", EnumSet.allOf(WorkKind.class), 1, LEASE));
    assertThat(claims).hasSize(1);
    return claims.get(0);
  }

  @Test
  void workOfACrashedProcessIsFreedAndDoneByAnother() {
    AssetPipeline assets = scene.built(scene.builder());
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    crash();
    assets.start();
    assertThatThrownBy(() -> assets.awaitInspected(id, Duration.ofMillis(10)))
        .isInstanceOf(VariantPendingException.class);
    assertThat(scene.toy.inspections).hasValue(0);
    scene.clock.move(LEASE.plusSeconds(1));
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(assets.explain(id).history())
        .extracting(HistoryEntry::attempt)
        .containsExactly(0, 2, 2);
  }

  /** Crashes on the work that is due until only the last attempt is left, and once more. */
  private void crashUntilTheLastAttempt() {
    for (int attempt = 1; attempt < 8; attempt++) {
      crash();
      scene.clock.move(LEASE.plusSeconds(1));
      assertThat(scene.ledger.work().reap(10, 8).freed()).hasSize(1);
    }
    assertThat(crash().attempt()).isEqualTo(8);
  }

  @Test
  void anInspectionThatKillsEveryProcessIsGivenUpAndTheListenerHearsOfIt() {
    AssetPipeline assets = scene.built(scene.builder());
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    crashUntilTheLastAttempt();
    assets.start();
    scene.clock.move(LEASE.plusSeconds(1));
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.FAILED);
    assets.close();
    assertThat(scene.heard)
        .extracting(Transition::event)
        .containsExactly(AssetEvent.ADMITTED, AssetEvent.EXHAUSTED);
    assertThat(scene.toy.inspections).hasValue(0);
  }

  @Test
  void whoWaitsForAVariantThatKillsEveryProcessIsTold() {
    AssetPipeline first = scene.started();
    AssetId id = inspected(first, "hello");
    first.close();
    AssetPipeline assets = scene.built(scene.builder());
    assertThatThrownBy(() -> assets.variant(id, THREE).await(Duration.ZERO))
        .isInstanceOf(VariantPendingException.class);
    crashUntilTheLastAttempt();
    assets.start();
    CompletableFuture<ReadyVariant> waiting =
        CompletableFuture.supplyAsync(() -> assets.variant(id, THREE).await(PATIENT));
    scene.clock.move(LEASE.plusSeconds(1));
    assertThatThrownBy(waiting::join)
        .hasCauseInstanceOf(TransformationException.class)
        .hasMessageContaining("lease ran out");
    assertThat(scene.toy.renders).hasValue(0);
  }

  @Test
  void aLeaseIsRenewedForAsLongAsTheWorkTakes() throws IOException {
    CountDownLatch renewed = new CountDownLatch(3);
    scene.tap.intercept(
        (name, proceed) -> {
          Object answer = proceed.now();
          if (name.equals("work.renew")) {
            renewed.countDown();
          }
          return answer;
        });
    scene.toy.beforeRender = budget -> DeriveTest.await(renewed);
    AssetPipeline assets = scene.built(scene.builder().lease(Duration.ofSeconds(1))).start();
    AssetId id = inspected(assets, "hello");
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
  }

  @Test
  void aLedgerThatIsUnreachableForAMomentCostsNothingButTime() throws IOException {
    boolean[] down = {true};
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("work.settle") && down[0]) {
            down[0] = false;
            throw new LedgerException("unreachable", null, true);
          }
          Object answer = proceed.now();
          if (name.equals("work.retry")) {
            scene.clock.move(Duration.ofHours(1));
          }
          return answer;
        });
    AssetPipeline assets = scene.started();
    assertThat(assets.find(inspected(assets, "hello")).orElseThrow().state())
        .isEqualTo(AssetState.METADATA_READY);
  }

  @Test
  void withAQueueWorkIsDoneAtOnce() throws IOException {
    try (WorkQueue queue = new InMemoryWorkQueue(scene.clock)) {
      AssetPipeline assets = scene.built(scene.builder().queue(queue)).start();
      AssetId id = inspected(assets, "hello");
      assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
      assertThat(scene.toy.renders).hasValue(1);
      assets.close();
      assertThat(queue.poll(1, Duration.ZERO)).as("no hint is left").isEmpty();
    }
  }

  /** Loses what is offered for as long as it is told to, and may fail while doing so. */
  private static final class LossyQueue implements WorkQueue {
    private final WorkQueue queue;
    private volatile boolean losing = true;

    LossyQueue(WorkQueue queue) {
      this.queue = queue;
    }

    @Override
    public void offer(List<Hint> hints) {
      if (!losing) {
        queue.offer(hints);
      }
    }

    @Override
    public List<Hint> poll(int max, Duration maxWait) {
      return queue.poll(max, maxWait);
    }

    @Override
    public void ack(List<Hint> done) {
      queue.ack(done);
    }

    @Override
    public void close() {
      queue.close();
    }
  }

  @Test
  void losingEveryHintCostsLatencyAndNoWork() throws IOException {
    LossyQueue queue = new LossyQueue(new InMemoryWorkQueue(scene.clock));
    AssetPipeline assets = scene.built(scene.builder().queue(queue)).start();
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    assertThatThrownBy(() -> assets.awaitInspected(id, Duration.ofMillis(50)))
        .isInstanceOf(VariantPendingException.class);
    queue.losing = false;
    scene.clock.move(Duration.ofSeconds(11));
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    queue.losing = true;
    assertThatThrownBy(() -> assets.variant(id, THREE).await(Duration.ofMillis(50)))
        .isInstanceOf(VariantPendingException.class);
    assertThat(scene.toy.renders).hasValue(0);
    // Looks without asking again, so that only the reconcile chore can have offered the work.
    CompletableFuture<Void> made = new CompletableFuture<>();
    scene.toy.beforeRender = budget -> made.complete(null);
    queue.losing = false;
    scene.clock.move(Duration.ofSeconds(11));
    made.orTimeout(PATIENT.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");
    queue.close();
  }
}

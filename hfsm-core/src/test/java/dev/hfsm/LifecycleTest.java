package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.queue.WorkQueue;
import dev.hfsm.transform.Transformation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Threads, closing, and what a builder refuses. */
@Timeout(300)
@Isolated("counts the threads of all pipelines of the JVM")
class LifecycleTest {
  private static final Transformation THREE = image().width(3);

  @TempDir Path spool;
  private Scene scene;

  /** Threads that earlier tests have let go of may be on their last steps. */
  @BeforeEach
  void awaitSilence() {
    while (!threads().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @BeforeEach
  void build() {
    scene = new Scene(spool);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("hfsm-"))
        .toList();
  }

  @Test
  void noThreadRunsBeforeStartOrAfterClose() {
    for (int i = 0; i < 20; i++) {
      AssetPipeline assets = scene.built(scene.builder());
      assets.ingest(Upload.of(toy("hello " + i)));
      assertThat(threads()).isEmpty();
      assets.start();
      assertThat(threads()).hasSize(11);
      assets.close();
      assertThat(threads()).isEmpty();
    }
  }

  @Test
  void aPipelineStartsOnceAndClosesAsOftenAsYouLike() {
    AssetPipeline assets = scene.started();
    assertThatThrownBy(assets::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("STARTED");
    assets.close();
    assets.close();
    assertThatThrownBy(assets::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("CLOSED");
    AssetPipeline never = scene.built(scene.builder());
    never.close();
    assertThatThrownBy(never::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatItOwnsIsClosedInOrderAfterItsThreadsHaveEndedAndOnlyOnce() {
    List<String> closed = new ArrayList<>();
    AssetPipeline assets =
        scene.built(
            scene
                .builder()
                .closing(() -> closed.add("first with " + threads().size() + " threads"))
                .closing(
                    () -> {
                      throw new IllegalStateException("stuck");
                    })
                .closing(() -> closed.add("last")));
    assets.start();
    assets.close();
    assets.close();
    assertThat(closed).containsExactly("first with 0 threads", "last");
  }

  private static Thread closing(AssetPipeline assets) {
    Thread closer = new Thread(assets::close);
    closer.start();
    while (closer.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return closer;
  }

  @Test
  void closingLetsWorkUnderWayFinish() throws InterruptedException {
    CountDownLatch rendering = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    scene.toy.beforeRender =
        budget -> {
          rendering.countDown();
          DeriveTest.await(go);
        };
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    assertThatThrownBy(() -> assets.variant(id, THREE).await(Duration.ZERO)).isNotNull();
    DeriveTest.await(rendering);
    Thread closer = closing(assets);
    go.countDown();
    closer.join();
    assertThat(assets.explain(id).variants().get(0).state()).isEqualTo(VariantState.READY);
    assertThat(threads()).isEmpty();
  }

  @Test
  void anInterruptedCloseGivesWorkBackUntouchedAndStillEndsEveryThread()
      throws InterruptedException {
    CountDownLatch rendering = new CountDownLatch(1);
    scene.toy.beforeRender =
        budget -> {
          rendering.countDown();
          while (true) {
            budget.check();
            Thread.onSpinWait();
          }
        };
    List<String> atClose = new ArrayList<>();
    AssetPipeline assets =
        scene.built(scene.builder().closing(() -> atClose.addAll(threads()))).start();
    AssetId id = inspected(assets, "hello");
    assertThatThrownBy(() -> assets.variant(id, THREE).await(Duration.ZERO)).isNotNull();
    DeriveTest.await(rendering);
    boolean[] stillSet = {false};
    Thread closer =
        new Thread(
            () -> {
              assets.close();
              stillSet[0] = Thread.currentThread().isInterrupted();
            });
    closer.start();
    closer.interrupt();
    closer.join();
    assertThat(stillSet[0]).isTrue();
    assertThat(atClose).as("threads while the ledger was being closed").isEmpty();
    WorkRow work = assets.explain(id).work().get(0);
    assertThat(work.attempts()).isZero();
    assertThat(work.worker()).isNull();
  }

  @Test
  void closingDoesNotWaitForAQueueThatIsSilent() {
    try (WorkQueue queue = new InMemoryWorkQueue(scene.clock)) {
      AssetPipeline assets = scene.built(scene.builder().queue(queue)).start();
      inspected(assets, "hello");
      assets.close();
      assertThat(threads()).isEmpty();
    }
  }

  @Test
  void theHostsExecutorStaysOpenAndGetsItsThreadsBack() throws Exception {
    ExecutorService hosts = Executors.newFixedThreadPool(11);
    try {
      AssetPipeline assets = scene.built(scene.builder().executor(hosts)).start();
      inspected(assets, "hello");
      assertThat(threads()).isEmpty();
      assets.close();
      assertThat(hosts.isShutdown()).isFalse();
      CyclicBarrier all = new CyclicBarrier(11);
      List<Future<Integer>> together = new ArrayList<>();
      for (int i = 0; i < 11; i++) {
        together.add(hosts.submit(() -> all.await()));
      }
      for (Future<Integer> f : together) {
        f.get(PATIENT.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      hosts.shutdownNow();
    }
  }

  @Test
  void anExecutorThatRefusesHalfOfTheWorkersIsLeftClean() throws InterruptedException {
    ThreadPoolExecutor small =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>());
    AssetPipeline assets = scene.built(scene.builder().executor(small));
    assertThatThrownBy(assets::start).isInstanceOf(RejectedExecutionException.class);
    assets.close();
    small.shutdown();
    assertThat(small.awaitTermination(PATIENT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void twoPipelinesShareALedgerAndAStore() {
    AssetPipeline one = scene.started();
    AssetPipeline two = scene.started();
    for (int i = 0; i < 50; i++) {
      one.ingest(Upload.of(toy("toy " + i)));
    }
    for (int i = 0; i < 50; i++) {
      AssetId id = two.ingest(Upload.of(toy("toy " + i))).id();
      assertThat(two.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    }
    assertThat(scene.toy.inspections).hasValue(50);
    assertThat(scene.objects()).hasSize(50);
  }

  @Test
  void theBuilderSaysWhatIsMissing() {
    assertThatThrownBy(() -> AssetPipeline.builder().blobs(scene.blobs).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ledger: expected, found nothing");
    assertThatThrownBy(() -> AssetPipeline.builder().ledger(scene.ledger).start())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("blobs: expected, found nothing");
  }

  @Test
  void theBuilderTakesEverySettingOnce() {
    List<Runnable> second = new ArrayList<>();
    PipelineBuilder b = scene.builder();
    second.add(() -> b.ledger(scene.ledger));
    second.add(() -> b.blobs(scene.blobs));
    second.add(() -> b.clock(scene.clock));
    second.add(() -> b.spool(spool));
    second.add(() -> b.workers(1));
    second.add(() -> b.listener((a, t) -> {}));
    second.add(() -> b.preset("a", THREE).preset("a", THREE));
    second.add(() -> b.lease(Duration.ofSeconds(1)).lease(Duration.ofSeconds(1)));
    second.add(() -> b.maxUploadBytes(1).maxUploadBytes(1));
    assertThat(second)
        .allSatisfy(
            again ->
                assertThatThrownBy(again::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("expected once, found a second time"));
  }

  @Test
  void theBuilderRefusesWhatCannotWork() {
    PipelineBuilder b = AssetPipeline.builder();
    List<Runnable> bad =
        List.of(
            () -> b.preset("", THREE),
            () -> b.preset("Hero", THREE),
            () -> b.preset("-a", THREE),
            () -> b.preset("a/b", THREE),
            () -> b.preset("x".repeat(33), THREE),
            () -> b.preset("w", THREE, 320, 0),
            () -> b.preset("w", THREE, 320, 16_385),
            () -> b.preset("w", THREE, 320, 320),
            () -> b.workers(-1),
            () -> b.maxUploadBytes(0),
            () -> b.lease(Duration.ofMillis(999)),
            () -> b.workTime(Duration.ZERO),
            () -> b.workTime(Duration.ofSeconds(-1)),
            () -> b.drain(Duration.ofMillis(-1)));
    assertThat(bad)
        .allSatisfy(
            setting ->
                assertThatThrownBy(setting::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected")
                    .hasMessageContaining("found"));
  }
}

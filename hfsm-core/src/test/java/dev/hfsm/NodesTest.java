package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Several nodes over one ledger, and a ledger or a queue that is not there. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class NodesTest {

  /** So long that what is found was not found by looking unasked. */
  private static final Duration NEVER = Duration.ofHours(1);

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

  private static void awaitListening(AssetPipeline assets) {
    while (!assets.health().listening()) {
      Thread.onSpinWait();
    }
  }

  /** A call that was under way when the ledger came or went may be the last to tell of it. */
  static void awaitLedger(AssetPipeline assets, Health.Ledger expected) {
    while (assets.health().ledger() != expected) {
      Thread.onSpinWait();
    }
  }

  @Test
  void workThatAnotherNodeBringsInIsHeardOf() {
    AssetPipeline takesIn = scene.built(scene.builder());
    AssetPipeline works = scene.started(scene.builder().poll(NEVER));
    awaitListening(works);
    for (int i = 0; i < 5; i++) {
      AssetId id = takesIn.ingest(Upload.of(toy("toy " + i))).id();
      assertThat(works.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    }
  }

  @Test
  void aNodeThatCanBeginItsWorkItselfDoesNotWakeTheOthers() {
    List<Object> rung = new ArrayList<>();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("bell.ring")) {
            synchronized (rung) {
              rung.add(proceed.arguments().get(0).toString());
            }
          }
          return proceed.now();
        });
    AssetPipeline assets = scene.started(scene.builder(8)); // some are idle whatever takes long
    inspected(assets, "warm");
    inspected(assets, "hello");
    assets.close();
    assertThat(rung).noneMatch(rings -> rings.toString().contains("OWED"));
    assertThat(rung).anyMatch(rings -> rings.toString().contains("SETTLED"));
  }

  @Test
  void aNodeWithTooMuchWorkWakesTheOthers() {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch rung = new CountDownLatch(1);
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("bell.ring") && proceed.arguments().get(0).toString().contains("OWED")) {
            rung.countDown();
          }
          return proceed.now();
        });
    scene.toy.beforeInspection = budget -> DeriveTest.await(release);
    AssetPipeline assets = scene.started();
    for (int i = 0; i < 50; i++) {
      assets.ingest(Upload.of(toy("toy " + i)));
    }
    DeriveTest.await(rung);
    release.countDown();
  }

  @Test
  void aBellThatIsBrokenCostsLatencyAndNothingElse() {
    AtomicInteger listened = new AtomicInteger();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("bell.ring")) {
            throw new LedgerException("no connection", null, true);
          }
          if (name.equals("bell.listen") && listened.getAndIncrement() < 2) {
            throw new LedgerException("no connection", null, true);
          }
          return proceed.now();
        });
    AssetPipeline takesIn = scene.built(scene.builder());
    AssetId before = takesIn.ingest(Upload.of(toy("before"))).id();
    AssetPipeline works = scene.started();
    works.awaitInspected(before, PATIENT);
    AssetId after = takesIn.ingest(Upload.of(toy("after"))).id();
    assertThat(works.awaitInspected(after, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    awaitListening(works);
    assertThat(listened).hasValueGreaterThanOrEqualTo(3);
  }

  @Test
  void aLedgerWithoutABellIsAskedNowAndThen() {
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.startsWith("bell.")) {
            throw new LedgerException("this ledger cannot ring", null, false);
          }
          return proceed.now();
        });
    AssetPipeline works = scene.started();
    AssetPipeline takesIn = scene.built(scene.builder());
    for (int i = 0; i < 3; i++) {
      AssetId id = takesIn.ingest(Upload.of(toy("toy " + i))).id();
      assertThat(works.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    }
    while (scene.tap.count("bell.listen") == 0) {
      Thread.onSpinWait(); // whoever listens may not have begun yet
    }
    assertThat(works.health().listening()).isFalse();
    works.close();
    assertThat(scene.tap.count("bell.listen")).isEqualTo(1);
  }

  @Test
  void aLedgerThatIsDownAtTheStartIsWaitedFor() {
    AtomicBoolean down = new AtomicBoolean();
    scene.tap.intercept(
        (name, proceed) -> {
          if (down.get() && !name.startsWith("blobs.")) {
            throw new LedgerException("connection refused", null, true);
          }
          return proceed.now();
        });
    AssetPipeline assets = scene.built(scene.builder());
    assertThat(assets.health().ledger()).isEqualTo(Health.Ledger.UNKNOWN);
    AssetId id = assets.ingest(Upload.of(toy("before"))).id();
    down.set(true);
    assets.start();
    assertThatThrownBy(() -> assets.ingest(Upload.of(toy("meanwhile"))))
        .isInstanceOf(LedgerException.class);
    while (scene.tap.count("work.claim") < 3) {
      Thread.onSpinWait();
    }
    awaitLedger(assets, Health.Ledger.UNREACHABLE);
    assertThat(assets.health().lastError()).contains("connection refused");
    assertThat(assets.health().lastClaim()).isNull();
    down.set(false);
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    awaitLedger(assets, Health.Ledger.REACHABLE);
    assertThat(assets.health().lastClaim()).isNotNull();
  }

  @Test
  void pausedWorkWaitsUntilItsPauseEnds() {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.ledger.operator().pause(WorkKind.DERIVE);
    VariantHandle variant = assets.variant(id, image().width(3));
    assertThatThrownBy(() -> variant.await(Duration.ofMillis(20)))
        .isInstanceOf(VariantPendingException.class);
    inspected(assets, "other");
    assertThat(scene.toy.renders).hasValue(0);
    scene.ledger.operator().resume(WorkKind.DERIVE);
    variant.await(PATIENT);
  }

  @Test
  void healthTellsWhatIsPausedWhoeverPausedIt() {
    AssetPipeline assets = scene.started();
    assertThat(assets.health().paused()).isEmpty();
    scene.ledger.operator().pause(WorkKind.DERIVE);
    awaitPaused(assets, Set.of(WorkKind.DERIVE));
    scene.ledger.operator().resume(WorkKind.DERIVE);
    awaitPaused(assets, Set.of());
  }

  /** Looks every five seconds on the clock, which the test moves. */
  private void awaitPaused(AssetPipeline assets, Set<WorkKind> kinds) {
    while (!assets.health().paused().equals(kinds)) {
      scene.clock.move(Duration.ofSeconds(5));
      Thread.onSpinWait();
    }
  }

  /** Cannot be asked. */
  private static final class BrokenQueue implements WorkQueue {
    @Override
    public void offer(List<Hint> hints) {
      throw new IllegalStateException("queue is down");
    }

    @Override
    public List<Hint> poll(int max, Duration maxWait) {
      throw new IllegalStateException("queue is down");
    }

    @Override
    public void ack(List<Hint> done) {
      throw new IllegalStateException("queue is down");
    }

    @Override
    public void close() {}
  }

  @Test
  void whileTheQueueIsDownTheLedgerIsAsked() {
    AssetPipeline assets = scene.started(scene.builder().queue(new BrokenQueue()));
    inspected(assets, "hello");
    inspected(assets, "again");
    assertThat(assets.health().lastError()).contains("queue is down");
    assertThat(assets.health().ledger()).isEqualTo(Health.Ledger.REACHABLE);
  }

  @Test
  void anUploadDoesNotWaitForAQueueThatHangs() {
    CountDownLatch hanging = new CountDownLatch(1);
    WorkQueue sound = new InMemoryWorkQueue(scene.clock);
    WorkQueue slow =
        new WorkQueue() {
          @Override
          public void offer(List<Hint> hints) {
            DeriveTest.await(hanging);
            sound.offer(hints);
          }

          @Override
          public List<Hint> poll(int max, Duration maxWait) {
            return sound.poll(max, maxWait);
          }

          @Override
          public void ack(List<Hint> done) {
            sound.ack(done);
          }

          @Override
          public void close() {
            sound.close();
          }
        };
    AssetPipeline assets = scene.started(scene.builder().queue(slow));
    List<AssetId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(assets.ingest(Upload.of(toy("toy " + i))).id());
    }
    hanging.countDown();
    ids.forEach(
        id ->
            assertThat(assets.awaitInspected(id, PATIENT).state())
                .isEqualTo(AssetState.METADATA_READY));
  }

  @Test
  void whileTheQueueIsDownWhatIsBroughtInHereIsBegunWithoutDelay() {
    AssetPipeline assets = scene.started(scene.builder().queue(new BrokenQueue()).poll(NEVER));
    for (int i = 0; i < 10; i++) {
      inspected(assets, "toy " + i);
    }
  }

  @Test
  void whatWasNotBegunIsGivenBackAtTheCloseAndWhatWasIsFinished() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch returned = new CountDownLatch(1);
    scene.toy.beforeInspection =
        budget -> {
          running.countDown();
          DeriveTest.await(release);
        };
    scene.tap.intercept(
        (name, proceed) -> {
          Object answer = proceed.now();
          if (name.equals("work.release")) {
            returned.countDown();
          }
          return answer;
        });
    AssetPipeline assets = scene.built(scene.builder(1));
    List<AssetId> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ids.add(assets.ingest(Upload.of(toy("toy " + i))).id());
    }
    assets.start();
    DeriveTest.await(running);
    Thread closer = new Thread(assets::close);
    closer.start();
    DeriveTest.await(returned);
    release.countDown();
    closer.join();
    List<WorkRow> left = ids.stream().flatMap(id -> assets.explain(id).work().stream()).toList();
    assertThat(left).hasSize(9).allMatch(row -> row.attempts() == 0 && row.worker() == null);
    assertThat(scene.toy.inspections).hasValue(1);
  }

  @Test
  void aPipelineThatMayNotDrainCancelsAtOnce() {
    CountDownLatch running = new CountDownLatch(1);
    scene.toy.beforeInspection =
        budget -> {
          running.countDown();
          while (true) {
            budget.check();
            Thread.onSpinWait();
          }
        };
    AssetPipeline assets = scene.built(scene.builder(1).drain(Duration.ZERO));
    AssetId id = assets.ingest(Upload.of(toy("endless"))).id();
    assets.start();
    DeriveTest.await(running);
    assets.close();
    assertThat(assets.explain(id).work().get(0).attempts()).isZero();
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.MemoryPool;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.transform.Budget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transformers that do not stop, leases that cannot be renewed, calls that hang. */
@Timeout(300)
class StuckWorkTest {
  /** Long enough for what is not stuck, which is tried again if it was not. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir Path spool;
  private Scene scene;
  private final CountDownLatch over = new CountDownLatch(1);

  @BeforeEach
  void build() {
    scene = new Scene(spool);
  }

  @AfterEach
  void close() {
    over.countDown();
    scene.close();
  }

  /** Neither asks whether to go on nor heeds an interrupt, until the test is over. */
  private void neverStop(Budget budget) {
    while (over.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  private WorkRow failedWork(AssetPipeline assets, AssetId id) {
    while (true) {
      WorkRow row = assets.explain(id).work().get(0);
      if (row.failure() != null) {
        return row;
      }
      Thread.onSpinWait();
    }
  }

  /** What was too slow, on a machine that stood still, is tried again at once. */
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

  @Test
  void aThreadThatNeverComesBackIsWrittenOffAndReplaced() {
    AtomicBoolean first = new AtomicBoolean(true);
    scene.toy.beforeInspection =
        budget -> {
          if (first.getAndSet(false)) {
            neverStop(budget);
          }
        };
    AssetPipeline assets = scene.built(scene.builder(1).workTime(SHORT));
    AssetId stuck = assets.ingest(Upload.of(toy("stuck"))).id();
    assets.start();
    WorkRow row = failedWork(assets, stuck);
    assertThat(row.failure().message()).contains("did not stop when told to");
    assertThat(row.attempts()).isEqualTo(1);
    skipDelays();
    AssetId other = assets.ingest(Upload.of(toy("other"))).id();
    assertThat(assets.awaitInspected(other, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(assets.health().workersLost()).isPositive();
    while (assets.health().workers() != 1) {
      Thread.onSpinWait();
    }
    scene.clock.move(Duration.ofHours(1));
    assertThat(assets.awaitInspected(stuck, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
  }

  @Test
  void whatALostThreadHasReservedIsToldOfAndGivenBackWhenItComesBackAfterAll() {
    long most = MemoryPool.ofThisJvm().largest() / 4 * 3;
    scene.toy.beforeInspection =
        budget -> {
          budget.reserve(most); // and forgets to give it back
          neverStop(budget);
        };
    AssetPipeline assets = scene.built(scene.builder(1).workTime(SHORT));
    AssetId stuck = assets.ingest(Upload.of(toy("stuck"))).id();
    assets.start();
    failedWork(assets, stuck);
    assertThat(assets.health().memoryLost()).isEqualTo(most);
    over.countDown();
    while (assets.health().memoryLost() > 0) {
      Thread.onSpinWait();
    }
    assertThat(assets.health().workersLost()).isEqualTo(1);
    skipDelays();
    scene.toy.beforeInspection = budget -> budget.reserve(most).close();
    AssetId other = assets.ingest(Upload.of(toy("other"))).id();
    assertThat(assets.awaitInspected(other, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
  }

  @Test
  void workThatKeepsCostingThreadsIsGivenUpSoonAndThreadsAreNotReplacedWithoutEnd() {
    scene.toy.beforeInspection = this::neverStop;
    skipDelays();
    AssetPipeline assets = scene.built(scene.builder(1).workTime(SHORT));
    AssetId one = assets.ingest(Upload.of(toy("one"))).id();
    assets.start();
    assertThat(assets.awaitInspected(one, PATIENT).state()).isEqualTo(AssetState.FAILED);
    assertThat(assets.explain(one).work().get(0).attempts()).isEqualTo(2);
    AssetId two = assets.ingest(Upload.of(toy("two"))).id();
    failedWork(assets, two);
    while (assets.health().workers() > 0) {
      Thread.onSpinWait();
    }
    assertThat(assets.health().workersLost()).isEqualTo(3);
  }

  @Test
  void workThatHeedsOnlyAnInterruptIsInterrupted() {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    scene.toy.beforeInspection =
        budget -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw new IllegalStateException("interrupted", e);
          }
        };
    AssetPipeline assets = scene.built(scene.builder(1).workTime(SHORT)).start();
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    String failure = failedWork(assets, id).failure().message();
    assertThat(failure).contains("took longer than the 1 s");
    DeriveTest.await(interrupted);
    // A thread that stood still when it was interrupted is written off, and its work says so.
    assertThat(assets.health().workersLost() == 0).isNotEqualTo(failure.contains("did not stop"));
  }

  @Test
  void workWhoseLeaseCannotBeRenewedStopsByItself() {
    AtomicBoolean down = new AtomicBoolean();
    CountDownLatch stopped = new CountDownLatch(1);
    scene.toy.beforeInspection =
        budget -> {
          if (scene.toy.inspections.get() == 1) {
            down.set(true);
            try {
              while (true) {
                budget.check();
                Thread.onSpinWait();
              }
            } finally {
              stopped.countDown();
            }
          }
        };
    scene.tap.intercept(
        (name, proceed) -> {
          if (down.get()) { // for every role: whichever answered last says whether it is reachable
            throw new LedgerException("connection refused", null, true);
          }
          return proceed.now();
        });
    AssetPipeline assets = scene.built(scene.builder().lease(Duration.ofSeconds(1))).start();
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    DeriveTest.await(stopped);
    NodesTest.awaitLedger(assets, Health.Ledger.UNREACHABLE);
    scene.clock.move(Duration.ofSeconds(2));
    down.set(false);
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    NodesTest.awaitLedger(assets, Health.Ledger.REACHABLE);
  }

  @Test
  void leasesAreRenewedWhileEveryOtherCallHangs() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch renewed = new CountDownLatch(3);
    CountDownLatch working = new CountDownLatch(1);
    scene.toy.beforeInspection =
        budget -> {
          working.countDown();
          DeriveTest.await(renewed);
        };
    scene.tap.intercept(
        (name, proceed) -> {
          boolean renewal = name.equals("work.renew");
          if (working.getCount() == 0 && name.startsWith("work.") && !renewal) {
            DeriveTest.await(release);
          }
          Object answer = proceed.now();
          if (renewal) {
            renewed.countDown();
          }
          return answer;
        });
    AssetPipeline assets = scene.built(scene.builder().lease(Duration.ofSeconds(1))).start();
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    assertThat(renewed.await(PATIENT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    release.countDown();
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(scene.toy.inspections).hasValue(1);
  }

  @Test
  void whatWaitsTooLongForAThreadIsGivenBackUntouched() {
    AtomicInteger released = new AtomicInteger();
    scene.tap.intercept(
        (name, proceed) -> {
          released.addAndGet(name.equals("work.release") ? 1 : 0);
          return proceed.now();
        });
    scene.toy.beforeInspection = budget -> DeriveTest.await(over);
    AssetPipeline assets = scene.built(scene.builder(1));
    AssetId one = assets.ingest(Upload.of(toy("one"))).id();
    AssetId two = assets.ingest(Upload.of(toy("two"))).id();
    assets.start();
    while (released.get() == 0) {
      Thread.onSpinWait();
    }
    WorkRow waiting = assets.explain(scene.toy.inspections.get() == 1 ? two : one).work().get(0);
    over.countDown();
    assertThat(waiting.attempts()).isLessThanOrEqualTo(1);
    assertThat(assets.awaitInspected(one, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(assets.awaitInspected(two, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(scene.toy.inspections).hasValue(2);
    assertThat(assets.explain(two).history()).allMatch(entry -> entry.attempt() <= 1);
  }
}

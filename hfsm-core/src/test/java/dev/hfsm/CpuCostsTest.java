package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What variants cost is what processors did for them. */
@Timeout(300)
class CpuCostsTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final long SOME = TimeUnit.MILLISECONDS.toNanos(20);

  @TempDir Path spool;
  private Scene scene;
  private AssetPipeline assets;
  private AssetId id;

  @BeforeEach
  void build() {
    assumeTrue(CpuTime.isMeasured(), "this JVM does not measure what threads use");
    scene = new Scene(spool);
    assets = scene.started();
    id = inspected(assets, "hello");
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  private long used() {
    return assets.costs(Scope.DEFAULT).cpu().toNanos();
  }

  private void make() {
    assets.variant(id, image().width(3)).await(PATIENT);
  }

  /** Waits for what never comes until that has taken much longer than the thread ever worked. */
  private static void outwait() {
    CountDownLatch never = new CountDownLatch(1);
    long begin = System.nanoTime();
    try {
      do {
        never.await(10, TimeUnit.MILLISECONDS);
      } while (System.nanoTime() - begin < 10 * CpuTime.ofThisThread());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTransformerThatWaitsCostsNothingMeanwhile() {
    AtomicReference<Thread> worker = new AtomicReference<>();
    scene.toy.beforeRender =
        budget -> {
          worker.set(Thread.currentThread());
          outwait();
        };
    make();
    assertThat(used()).isBetween(0L, CpuTime.of(worker.get()));
  }

  @Test
  void aTransformerThatWorksCostsWhatItsThreadHasUsed() {
    AtomicReference<Thread> worker = new AtomicReference<>();
    AtomicLong spent = new AtomicLong();
    scene.toy.beforeRender =
        budget -> {
          worker.set(Thread.currentThread());
          spent.set(CpuTime.spend(SOME));
        };
    make();
    assertThat(used()).isBetween(spent.get(), CpuTime.of(worker.get()));
  }

  @Test
  void whatAHelperDoesForATransformerIsCountedToo() {
    AtomicLong spent = new AtomicLong();
    scene.toy.beforeRender =
        budget ->
            CompletableFuture.runAsync(
                    () -> budget.help(() -> spent.set(CpuTime.spend(SOME))),
                    task -> new Thread(task, "helper").start())
                .join();
    make();
    assertThat(used()).isGreaterThanOrEqualTo(spent.get());
  }

  @Test
  void whatAnotherProcessDidIsCountedAsTheTransformerTellsIt() {
    scene.toy.beforeRender = budget -> budget.charge(HOUR);
    make();
    assertThat(used()).isGreaterThanOrEqualTo(HOUR.toNanos());
  }

  @Test
  void nothingIsEverTakenBack() {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    scene.toy.beforeRender =
        budget -> thrown.set(catchThrowable(() -> budget.charge(HOUR.negated())));
    make();
    assertThat(thrown.get())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cpu: expected nothing or more, found PT-1H");
    assertThat(used()).isNotNegative();
  }

  @Test
  void learningWhatAnAssetIsCostsNothing() {
    scene.toy.beforeInspection = budget -> budget.charge(HOUR);
    inspected(assets, "another");
    assertThat(used()).isZero();
  }
}

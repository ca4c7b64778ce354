package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How results reach the ledger: together, and no one at another's expense. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class SettlingTest {
  private static final int MANY = 40;

  @TempDir Path spool;
  private Scene scene;
  private final List<Integer> sizes = new CopyOnWriteArrayList<>();
  private final AtomicBoolean inVain = new AtomicBoolean();

  @BeforeEach
  void build() {
    scene = new Scene(spool);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private List<AssetId> ingestMany(AssetPipeline assets) {
    List<AssetId> ids = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      ids.add(assets.ingest(Upload.of(toy("toy " + i))).id());
    }
    return ids;
  }

  private static List<?> settlements(Tap.Proceed proceed) {
    return (List<?>) proceed.arguments().get(0);
  }

  private void assertAllInspectedAtTheFirstAttempt(AssetPipeline assets, List<AssetId> ids) {
    for (AssetId id : ids) {
      assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
      assertThat(assets.explain(id).history())
          .extracting(HistoryEntry::attempt)
          .containsExactly(0, 1, 1);
    }
  }

  @Test
  void aLoneResultIsWrittenAtOnceAndAlone() {
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("work.settle")) {
            sizes.add(settlements(proceed).size());
          }
          return proceed.now();
        });
    AssetPipeline assets = scene.started();
    inspected(assets, "hello");
    assertThat(sizes).containsExactly(1, 1);
  }

  @Test
  void whatEndsWhileTheLedgerIsBusyIsWrittenTogether() {
    CountDownLatch release = new CountDownLatch(1);
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("work.settle")) {
            sizes.add(settlements(proceed).size());
            released(release);
          }
          return proceed.now();
        });
    scene.toy.beforeInspection =
        budget -> {
          if (scene.toy.inspections.get() >= MANY) {
            release.countDown();
          }
        };
    AssetPipeline assets = scene.built(scene.builder());
    List<AssetId> ids = ingestMany(assets);
    assets.start();
    assertAllInspectedAtTheFirstAttempt(assets, ids);
    // While the first call was under way all but two had come to their end, unless hands stood
    // still for so long that work was given back, or the call did not wait for them.
    if (scene.tap.count("work.release") == 0 && !inVain.get()) {
      assertThat(sizes.get(0) + sizes.get(1)).as("%s", sizes).isGreaterThanOrEqualTo(MANY - 2);
    }
  }

  /** Not for ever: what is given back goes to the ledger as well, behind what is held up here. */
  private void released(CountDownLatch release) throws InterruptedException {
    if (!release.await(10, TimeUnit.SECONDS)) {
      inVain.set(true);
      release.countDown();
    }
  }

  @Test
  void aResultThatCannotBeWrittenDoesNotHoldUpItsNeighbours() {
    AssetPipeline assets = scene.built(scene.builder());
    List<AssetId> ids = new ArrayList<>(ingestMany(assets));
    AssetId bad = ids.remove(7);
    AtomicInteger together = new AtomicInteger();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("work.settle")) {
            boolean isBad =
                settlements(proceed).stream()
                    .anyMatch(s -> ((Settlement) s).held().subject().asset().equals(bad));
            if (isBad) {
              together.addAndGet(settlements(proceed).size() - 1);
              throw new IllegalStateException("cannot happen in this state");
            }
          }
          return proceed.now();
        });
    assets.start();
    assertAllInspectedAtTheFirstAttempt(assets, ids);
    while (assets.explain(bad).work().get(0).failure() == null) {
      Thread.onSpinWait();
    }
    WorkRow failed = assets.explain(bad).work().get(0);
    assertThat(failed.attempts()).isEqualTo(1);
    assertThat(failed.failure().code()).isEqualTo("unexpected");
  }

  @Test
  void aLedgerThatIsDownForAWhileDoesNotCostTheResult() {
    AtomicInteger left = new AtomicInteger(4);
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("work.settle") && left.getAndDecrement() > 0) {
            throw new LedgerException("connection refused", null, true);
          }
          return proceed.now();
        });
    AssetPipeline assets = scene.built(scene.builder());
    List<AssetId> ids = ingestMany(assets);
    assets.start();
    assertAllInspectedAtTheFirstAttempt(assets, ids);
    assertThat(scene.toy.inspections).hasValue(MANY);
    assertThat(assets.health().lastError()).contains("writing results").contains("refused");
  }

  @Test
  void aResultWhoseAnswerWasLostIsNotMadeTwice() {
    AtomicInteger lost = new AtomicInteger();
    scene.tap.intercept(
        (name, proceed) -> {
          Object answer = proceed.now();
          boolean rendered =
              name.equals("work.settle")
                  && settlements(proceed).get(0) instanceof Settlement.Rendered;
          if (rendered && lost.getAndIncrement() == 0) {
            throw new LedgerException("connection reset", null, true);
          }
          return answer;
        });
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    assets.variant(id, image().width(3)).await(PATIENT);
    while (lost.get() < 2) {
      Thread.onSpinWait();
    }
    assets.close();
    assertThat(scene.toy.renders).hasValue(1);
    assertThat(scene.variantObjects())
        .containsExactly(scene.ledger.reader().variants(id).get(0).content().key());
  }

  @Test
  void aStepWhoseAnswerWasLostCostsNoAttempt() {
    AtomicInteger lost = new AtomicInteger();
    scene.tap.intercept(
        (name, proceed) -> {
          Object answer = proceed.now();
          if (name.equals("work.settle") && lost.getAndIncrement() == 0) {
            throw new LedgerException("connection reset", null, true);
          }
          return answer;
        });
    AssetPipeline assets = scene.built(scene.builder());
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    assets.start();
    assertAllInspectedAtTheFirstAttempt(assets, List.of(id));
    assets.close(); // a call is counted after its row can be seen
    assertThat(lost).as("calls, the lost one among them").hasValue(3);
    assertThat(scene.toy.inspections).hasValue(1);
  }

  @Test
  void aLedgerThatIsDownWhenThePipelineClosesDoesNotHoldItUp() {
    CountDownLatch tried = new CountDownLatch(1);
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.startsWith("work.") && !name.equals("work.claim") && !name.equals("work.reap")) {
            tried.countDown();
            throw new LedgerException("connection refused", null, true);
          }
          return proceed.now();
        });
    AssetPipeline assets = scene.built(scene.builder().drain(Duration.ZERO));
    ingestMany(assets);
    int others = LifecycleTest.threads().size();
    assets.start();
    DeriveTest.await(tried);
    assets.close();
    while (LifecycleTest.threads().size() > others) {
      Thread.onSpinWait(); // for ever, if results were tried again and again
    }
  }
}

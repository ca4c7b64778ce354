package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.WorkQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Work whose worker was lost may have killed it: a node takes up one such piece at a time. */
@Timeout(300)
class SuspectsTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int MANY = 6;

  @TempDir Path spool;
  private Scene scene;
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @BeforeEach
  void build() {
    scene = new Scene(spool);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  /** Brings so many toys in, and has a worker take them all and die. */
  private List<AssetId> suspects(AssetPipeline assets) {
    List<AssetId> ids = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      ids.add(assets.ingest(Upload.of(toy("suspect " + i))).id());
    }
    assertThat(
            scene
                .ledger
                .work()
                .claim(ClaimRequest.due("dead", EnumSet.allOf(WorkKind.class), MANY, LEASE)))
        .hasSize(MANY);
    return ids;
  }

  private void count() {
    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    Thread.yield();
    atOnce.decrementAndGet();
  }

  private void assertDoneAtTheSecondAttempt(AssetPipeline assets, List<AssetId> ids) {
    for (AssetId id : ids) {
      assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
      assertThat(assets.explain(id).history())
          .extracting(HistoryEntry::attempt)
          .containsExactly(0, 2, 2);
    }
  }

  @Test
  void theyAreDoneOneAfterTheOther() {
    AssetPipeline assets = scene.built(scene.builder(4));
    List<AssetId> ids = suspects(assets);
    scene.toy.beforeInspection = budget -> count();
    scene.clock.move(LEASE);
    assets.start();
    assertDoneAtTheSecondAttempt(assets, ids);
    assertThat(most).hasValue(1);
  }

  @Test
  void otherWorkGoesOnBesideThem() {
    AssetPipeline assets = scene.built(scene.builder(2));
    List<AssetId> ids = suspects(assets);
    CountDownLatch suspectRuns = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger held = new AtomicInteger();
    scene.toy.beforeInspection =
        budget -> {
          if (held.getAndIncrement() == 0) {
            suspectRuns.countDown();
            DeriveTest.await(release);
          }
        };
    scene.clock.move(LEASE);
    assets.start();
    DeriveTest.await(suspectRuns);
    for (int i = 0; i < 20; i++) {
      AssetId id = assets.ingest(Upload.of(toy("innocent " + i))).id();
      assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    }
    assertThat(scene.toy.inspections).as("none but the innocent meanwhile").hasValue(21);
    release.countDown();
    assertDoneAtTheSecondAttempt(assets, ids);
  }

  @Test
  void theyAreFoundWithoutHints() {
    try (WorkQueue queue = new InMemoryWorkQueue(scene.clock)) {
      AssetPipeline assets = scene.built(scene.builder(4).queue(queue));
      List<AssetId> ids = suspects(assets);
      queue.ack(queue.poll(MANY, Duration.ZERO));
      scene.toy.beforeInspection = budget -> count();
      scene.clock.move(LEASE);
      assets.start();
      assertDoneAtTheSecondAttempt(assets, ids);
      assertThat(most).hasValue(1);
      assets.close();
    }
  }

  @Test
  void aNodeThatDidNotReapThemFindsThemToo() {
    AssetPipeline assets = scene.built(scene.builder(2));
    List<AssetId> ids = suspects(assets);
    assets.start();
    scene.clock.move(LEASE);
    scene.ledger.work().reap(MANY, 8);
    assertDoneAtTheSecondAttempt(assets, ids);
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.PurgeReceipt;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What one node removes, another node that has it in memory no longer answers. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class CoherenceTest {
  @TempDir Path spool;
  private Scene scene;
  private AssetPipeline here;
  private AssetPipeline there;

  @BeforeEach
  void start() {
    scene = new Scene(spool);
    here = scene.started();
    there = scene.started();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  /** Whether the asset and its variant are answered, from memory if they are there. */
  private static boolean answers(AssetPipeline node, AssetId id) {
    try {
      node.variant(id, image().width(2)).await(PATIENT);
      return true;
    } catch (AssetGoneException e) {
      return false;
    }
  }

  private static Visibility visibility(AssetPipeline node, AssetId id) {
    return node.awaitInspected(id, PATIENT).visibility();
  }

  @Test
  void aPurgeReachesTheMemoryOfOtherNodes() {
    AssetId id = inspected(here, "hello");
    assertThat(answers(there, id)).isTrue();
    PurgeReceipt receipt = here.maintenance().purge(id);
    assertThat(receipt.cachesWithin()).isEqualTo(Duration.ofSeconds(5));
    assertThat(answers(here, id)).as("on the node that purged").isFalse();
    while (answers(there, id)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aCollectionReachesTheMemoryOfOtherNodes() {
    AssetId id = inspected(here, "hello");
    assertThat(answers(there, id)).isTrue();
    here.releaseAll(id);
    here.maintenance().collect(new CollectOptions(Duration.ZERO, Mode.REAL), asset -> {});
    assertThat(answers(here, id)).as("on the node that collected").isFalse();
    while (answers(there, id)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatIsWithdrawnAndPublishedIsSeenByOtherNodes() {
    AssetId id = inspected(here, "hello");
    for (Visibility next : new Visibility[] {Visibility.PUBLIC, Visibility.PRIVATE}) {
      visibility(there, id); // in memory now
      here.show(id, next);
      assertThat(visibility(here, id)).isEqualTo(next);
      while (visibility(there, id) != next) {
        Thread.onSpinWait();
      }
    }
  }

  private StringBuffer rung() {
    StringBuffer rung = new StringBuffer();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("bell.ring")) {
            rung.append(proceed.arguments());
          }
          return proceed.now();
        });
    return rung;
  }

  @Test
  void aRemovalIsRungFor() {
    AssetId id = inspected(here, "hello");
    List<Runnable> removals =
        List.of(
            () -> here.show(id, Visibility.PUBLIC),
            () -> here.ingest(Upload.of(toy("hello")).visibility(Visibility.PRIVATE)),
            () -> here.maintenance().purge(id));
    for (Runnable removal : removals) {
      StringBuffer rung = rung();
      removal.run();
      while (!rung.toString().contains("REMOVED")) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whoeverSaysWhatIsSoAlreadyWakesNobody() {
    inspected(here, "hello");
    StringBuffer rung = rung();
    here.ingest(Upload.of(toy("hello")).visibility(Visibility.PRIVATE));
    here.ingest(Upload.of(toy("hello")));
    here.maintenance().purge(AssetId.of(Digest.ofContent(toy("unknown"))));
    here.close(); // whatever was to be rung was rung then
    assertThat(rung.toString()).doesNotContain("REMOVED");
  }

  @Test
  void aNodeThatCannotReadWhatWasRemovedSoonStopsAnsweringFromMemory() {
    AssetId id = inspected(here, "hello");
    assertThat(answers(there, id)).isTrue();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.startsWith("removals.")) {
            throw new LedgerException("no connection", null, true);
          }
          return proceed.now();
        });
    here.maintenance().purge(id);
    while (answers(there, id)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aNodeThatWasNeverStartedSoonLooksAgain() {
    AssetId id = inspected(here, "hello");
    AssetPipeline idle = scene.built(scene.builder());
    assertThat(idle.awaitInspected(id, PATIENT).visibility()).isEqualTo(Visibility.PRIVATE);
    here.show(id, Visibility.PUBLIC);
    while (visibility(idle, id) != Visibility.PUBLIC) {
      Thread.onSpinWait();
    }
  }
}

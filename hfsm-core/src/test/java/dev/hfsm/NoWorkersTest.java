package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.text;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.queue.WorkQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that takes in and serves, and leaves the work to others. */
@Timeout(300)
class NoWorkersTest {

  @TempDir Path spool;
  private Scene scene;
  private final List<String> inspecting = new CopyOnWriteArrayList<>();

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    scene.toy.beforeInspection = budget -> inspecting.add(Thread.currentThread().getName());
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private AssetPipeline started(PipelineBuilder builder) {
    return scene.built(builder).start();
  }

  private void assertThatTheOtherWorks(AssetPipeline takesIn, AssetPipeline works)
      throws IOException {
    AssetId id = takesIn.ingest(Upload.of(toy("hello"))).id();
    assertThat(takesIn.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(text(takesIn.variant(id, image().width(3)).await(PATIENT))).isEqualTo("HEL");
    assertThat(takesIn.health().workers()).isZero();
    assertThat(works.health().lastClaim()).isNotNull();
    assertThat(inspecting).hasSize(1);
  }

  @Test
  void tellsTheOthersByTheLedgersBell() throws IOException {
    assertThatTheOtherWorks(started(scene.builder(0)), started(scene.builder(1)));
  }

  @Test
  void tellsTheOthersByTheQueue() throws IOException {
    try (WorkQueue queue = new InMemoryWorkQueue(scene.clock)) {
      assertThatTheOtherWorks(
          started(scene.builder(0).queue(queue)), started(scene.builder(1).queue(queue)));
    }
  }

  @Test
  void aloneItKeepsWhatIsOwedForWhoeverComes() {
    AssetPipeline takesIn = started(scene.builder(0));
    AssetId id = takesIn.ingest(Upload.of(toy("hello"))).id();
    takesIn.close();
    assertThat(inspecting).isEmpty();
    AssetPipeline works = started(scene.builder(1));
    assertThat(works.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
  }
}

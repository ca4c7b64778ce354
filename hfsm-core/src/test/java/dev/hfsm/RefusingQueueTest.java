package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.error.QueueException;
import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Page;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A queue that takes no hints and answers all the same, as a Redis without memory does. */
@Timeout(300)
class RefusingQueueTest {

  @TempDir Path spool;
  private Scene scene;
  private WorkQueue empty;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    empty = new InMemoryWorkQueue(scene.clock);
    // Without these no other hint can be in the queue.
    scene.tap.intercept(
        (name, proceed) ->
            name.equals("operator.due") ? new Page<Hint>(List.of(), null) : proceed.now());
  }

  @AfterEach
  void close() {
    scene.close();
    empty.close();
  }

  /** Answers, and takes nothing. */
  private record Full(WorkQueue queue, boolean skippable) implements WorkQueue {

    @Override
    public void offer(List<Hint> hints) {
      throw new QueueException("no memory left, as told", null, true);
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
    public boolean maySkip(WorkKind kind) {
      return skippable;
    }

    @Override
    public void close() {
      queue.close();
    }
  }

  @Test
  void isNotBelievedByTheNodeWhoseHintsItRefuses() {
    AssetPipeline assets = scene.built(scene.builder().queue(new Full(empty, false))).start();
    inspected(assets, "hello");
    assertThat(assets.health().lastError())
        .contains("offering work to the queue")
        .contains("no memory left, as told");
  }

  @Test
  void isNotBelievedForLongByANodeThatOffersNothing() {
    AssetPipeline takesIn = scene.built(scene.builder(0).queue(new Full(empty, true))).start();
    AssetPipeline works = scene.built(scene.builder().queue(new Full(empty, true))).start();
    AssetId id = takesIn.ingest(Upload.of(toy("hello"))).id();
    works.awaitInspected(id, PATIENT);
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Page;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.Rate;
import dev.hfsm.queue.WorkQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What comes up on a node that has hands free need not go through the queue. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class OwnWorkTest {

  @TempDir Path spool;
  private Scene scene;
  private OpenQueue queue;

  /** Holds nothing back, unless it is told to, and remembers what it was offered. */
  private static final class OpenQueue implements WorkQueue {
    private final WorkQueue queue;
    private final List<Subject> offered = new CopyOnWriteArrayList<>();
    private volatile boolean skippable = true;

    OpenQueue(WorkQueue queue) {
      this.queue = queue;
    }

    @Override
    public void offer(List<Hint> hints) {
      hints.forEach(hint -> offered.add(hint.subject()));
      queue.offer(hints);
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

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    queue = new OpenQueue(new InMemoryWorkQueue(scene.clock));
    scene.tap.intercept(OwnWorkTest::unscanned);
  }

  /** The scan offers all that is owed, whoever is about to claim it: here it finds nothing. */
  private static Object unscanned(String name, Tap.Proceed proceed) throws Throwable {
    return name.equals("operator.due") ? new Page<Hint>(List.of(), null) : proceed.now();
  }

  @AfterEach
  void close() {
    scene.close();
    queue.close();
  }

  private AssetPipeline node() {
    return scene.built(scene.builder().queue(queue)).start();
  }

  @Test
  void workThatComesUpWhereHandsAreFreeIsDoneWithoutAHint() throws IOException {
    AssetPipeline assets = node();
    AssetId id = inspected(assets, "hello");
    assertThat(text(assets.variant(id, image().width(3)).await(PATIENT))).isEqualTo("HEL");
    if (scene.tap.count("work.release") == 0) { // as by hands that stood still: it is offered then
      assertThat(queue.offered).isEmpty();
    }
  }

  @Test
  void aQueueThatHoldsHintsBackIsToldOfEach() {
    queue.skippable = false;
    AssetId id = inspected(node(), "hello");
    assertThat(queue.offered).isNotEmpty().containsOnly(Subject.inspect(id));
  }

  @Test
  void whatIsUnderARateOfThisNodeGoesThroughTheQueue() {
    AssetPipeline assets =
        scene
            .built(scene.builder().queue(queue).rate(WorkKind.INSPECT, Rate.perSecond(1_000)))
            .start();
    AssetId id = inspected(assets, "hello");
    assertThat(queue.offered).isNotEmpty().containsOnly(Subject.inspect(id));
  }

  @Test
  void whatThisNodeHasNoHandsForIsOfferedToAll() {
    CountDownLatch release = new CountDownLatch(1);
    scene.toy.beforeInspection = budget -> DeriveTest.await(release);
    AssetPipeline busy = node();
    List<AssetId> ids = new ArrayList<>();
    for (int i = 0; queue.offered.isEmpty(); i++) {
      ids.add(busy.ingest(Upload.of(toy("toy " + i))).id());
    }
    release.countDown();
    ids.forEach(id -> busy.awaitInspected(id, PATIENT));
  }

  @Test
  void whatTheLedgerDoesNotAnswerForIsOfferedToAll() {
    boolean[] failed = {false};
    scene.tap.intercept(
        (name, proceed) -> {
          boolean about =
              name.equals("work.claim")
                  && !((ClaimRequest) proceed.arguments().get(0)).subjects().isEmpty();
          synchronized (failed) {
            if (!about || failed[0]) {
              return unscanned(name, proceed);
            }
            failed[0] = true;
          }
          throw new LedgerException("down, as told", null, true);
        });
    AssetId id = inspected(node(), "hello");
    assertThat(queue.offered).isNotEmpty().containsOnly(Subject.inspect(id));
  }

  @Test
  void whatIsClaimedWhileTheNodeClosesIsDoneOrGivenBack() throws InterruptedException {
    AssetPipeline assets = node();
    Thread closing = new Thread(assets::close);
    CountDownLatch begun = new CountDownLatch(1);
    scene.tap.intercept(
        (name, proceed) -> {
          boolean about =
              name.equals("work.claim")
                  && !((ClaimRequest) proceed.arguments().get(0)).subjects().isEmpty();
          if (about && begun.getCount() > 0) {
            begun.countDown();
            closing.start();
            while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) {
              Thread.onSpinWait();
            }
          }
          return unscanned(name, proceed);
        });
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    DeriveTest.await(begun);
    closing.join();
    while (scene.ledger.operator().work(id).stream().anyMatch(row -> row.leasedUntil() != null)) {
      Thread.onSpinWait(); // for ever, if nobody gives it back: nobody else may begin it meanwhile
    }
  }

  @Test
  void aNodeThatWasNotStartedHasNoHands() {
    AssetId id = scene.built(scene.builder().queue(queue)).ingest(Upload.of(toy("hello"))).id();
    assertThat(queue.offered).isNotEmpty().containsOnly(Subject.inspect(id));
    node().awaitInspected(id, PATIENT);
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Page;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clocks set back, work that ends out of order, pipelines that do not start or were closed. */
@Timeout(300)
class RoughConditionsTest {
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

  private Claim claimElsewhere() {
    ClaimRequest request =
        ClaimRequest.due("elsewhere", EnumSet.allOf(WorkKind.class), 1, Duration.ofSeconds(30));
    return scene.ledger.work().claim(request).get(0);
  }

  @Test
  void aPipelineThatCannotBeStartedClosesWhatItOwns() {
    List<String> closed = new ArrayList<>();
    PipelineBuilder builder =
        scene
            .builder()
            .closing(() -> closed.add("ledger"))
            .executor(
                task -> {
                  throw new RejectedExecutionException("full");
                });
    assertThatThrownBy(builder::start).isInstanceOf(RejectedExecutionException.class);
    assertThat(closed).containsExactly("ledger");
  }

  @Test
  void whoWaitsForAVariantWaitsForTheLedgerAsWell() {
    AssetPipeline assets = scene.started();
    AssetId id = Scene.inspected(assets, "hello");
    AtomicInteger failures = new AtomicInteger();
    Set<String> down = ConcurrentHashMap.newKeySet();
    down.addAll(List.of("reader.asset", "reader.variant", "intake.requestVariant"));
    scene.tap.intercept(
        (name, proceed) -> {
          if (down.remove(name)) {
            failures.incrementAndGet();
            throw new LedgerException("connection refused", null, true);
          }
          return proceed.now();
        });
    AssetPipeline another = scene.built(scene.builder()); // that has cached nothing
    another.variant(id, image().width(3)).await(PATIENT);
    assertThat(failures).hasValue(3);
  }

  @Test
  void whoWaitsForAVariantIsToldIfTheLedgerDoesNotAnswerInTimeOrEver() {
    AssetPipeline assets = scene.started();
    AssetId id = Scene.inspected(assets, "hello");
    AtomicInteger passing = new AtomicInteger(Integer.MAX_VALUE);
    scene.tap.intercept(
        (name, proceed) -> {
          if (Tap.isRequest(name)) {
            throw new LedgerException("no such table", null, passing.getAndDecrement() > 0);
          }
          return proceed.now();
        });
    VariantHandle variant = assets.variant(id, image().width(3));
    assertThatThrownBy(() -> variant.await(Duration.ofMillis(300)))
        .isInstanceOf(LedgerException.class)
        .matches(e -> ((LedgerException) e).retryable());
    passing.set(2);
    scene.tap.forgetCalls();
    assertThatThrownBy(() -> variant.await(PATIENT))
        .isInstanceOf(LedgerException.class)
        .matches(e -> !((LedgerException) e).retryable());
    assertThat(scene.tap.requests()).isEqualTo(3);
  }

  @Test
  void aClosedPipelineTakesNothingIn() {
    AssetPipeline assets = scene.started();
    assets.close();
    InputStream bytes = new ByteArrayInputStream(toy("late"));
    assertThatThrownBy(() -> assets.ingest(Upload.of(bytes)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("CLOSED");
    assertThat(bytes).hasBinaryContent(toy("late"));
    assertThat(scene.objects()).isEmpty();
  }

  @Test
  void twinsFindEachOtherEvenIfTheSecondIsInspectedFirst() {
    AssetPipeline assets = scene.built(scene.builder());
    AssetId first = assets.ingest(Upload.of(toy("Same"))).id();
    Claim slow = claimElsewhere();
    AssetId second = assets.ingest(Upload.of(toy("SAME"))).id();
    assets.start();
    assets.awaitInspected(second, PATIENT);
    scene.ledger.work().release(slow.lease());
    assertThat(assets.awaitInspected(first, PATIENT).facts().get(Fact.SAME_PIXELS_AS))
        .contains(second);
    assertThat(assets.find(second).orElseThrow().facts().get(Fact.SAME_PIXELS_AS)).isEmpty();
  }

  @Test
  void aClockSetBackDoesNotPutOffTheReaping() {
    MovableClock node = new MovableClock();
    AssetPipeline assets =
        scene.built(
            AssetPipeline.builder()
                .ledger(scene.tap.over(scene.ledger))
                .blobs(scene.blobs)
                .transformer(scene.toy)
                .spool(spool)
                .workers(1)
                .clock(node));
    AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
    claimElsewhere();
    assets.start();
    while (scene.tap.count("work.reap") == 0) {
      Thread.onSpinWait();
    }
    node.move(Duration.ofHours(-1));
    scene.clock.move(Duration.ofSeconds(31));
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
  }

  @Test
  void aStoreThatCannotTidyUpDoesNotTakeAnAcknowledgementBack() {
    AssetPipeline assets = scene.built(scene.builder());
    AssetPipeline faster = scene.built(scene.builder());
    scene.tap.interceptOnce(
        "intake.admit",
        (admit, proceed) -> {
          scene.tap.interceptOnce(
              "blobs.delete",
              (delete, never) -> {
                throw new IllegalStateException("connection pool shut down");
              });
          scene.clock.move(Duration.ofMillis(1)); // the random bits are the same for both
          faster.ingest(Upload.of(toy("hello")));
          return proceed.now();
        });
    assertThat(assets.ingest(Upload.of(toy("hello"))).outcome())
        .isEqualTo(Ingested.Outcome.DUPLICATE);
    assertThat(scene.tap.count("blobs.delete")).isEqualTo(1);
  }

  /** Keeps what is offered; gives out the first hint only. */
  private static final class KeepingQueue implements WorkQueue {
    private final BlockingQueue<Hint> offered = new LinkedBlockingQueue<>();
    private final BlockingQueue<Hint> given = new LinkedBlockingQueue<>();

    @Override
    public void offer(List<Hint> hints) {
      offered.addAll(hints);
    }

    @Override
    public List<Hint> poll(int max, Duration maxWait) {
      try {
        Hint hint = given.poll(maxWait.toMillis(), TimeUnit.MILLISECONDS);
        return hint == null ? List.of() : List.of(hint);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return List.of();
      }
    }

    @Override
    public void ack(List<Hint> done) {}

    @Override
    public void close() {}
  }

  @Test
  void aHintOfARetryDoesNotComeBeforeTheWorkIsDue() throws InterruptedException {
    CountDownLatch reconciled = new CountDownLatch(1);
    scene.toy.beforeInspection =
        budget -> {
          throw new TransformationException("busy", null, true);
        };
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("work.retry")) {
            scene.clock.move(Duration.ofMillis(5)); // what a commit takes
          }
          if (!name.equals("operator.due")) {
            return proceed.now();
          }
          if (reconciled.getCount() == 0) {
            return new Page<Hint>(List.of(), null); // nor those of a later turn
          }
          Object answer = proceed.now();
          reconciled.countDown();
          return answer;
        });
    try (KeepingQueue queue = new KeepingQueue()) {
      AssetPipeline assets = scene.built(scene.builder().queue(queue));
      AssetId id = assets.ingest(Upload.of(toy("hello"))).id();
      queue.given.addAll(queue.offered);
      queue.offered.clear();
      // Without the reconcile chore's own hints, which come as the pipeline starts.
      Claim held = claimElsewhere();
      assets.start();
      reconciled.await();
      scene.ledger.work().release(held.lease());
      queue.given.add(new Hint(held.lease().subject(), scene.clock.instant(), 0));
      Hint retry = queue.offered.poll(PATIENT.toSeconds(), TimeUnit.SECONDS);
      WorkRow row = scene.ledger.operator().work(id).get(0);
      assertThat(row.failure()).isNotNull();
      assertThat(retry).isNotNull();
      assertThat(retry.notBefore()).isAfterOrEqualTo(row.due());
    }
  }
}

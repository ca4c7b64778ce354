package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Transformation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Variants are made on no more threads than said, and nothing else waits for them. */
@Timeout(300)
class RendersTest {

  private static final Transformation THREE = image().width(3);

  @TempDir Path spool;
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final Semaphore go = new Semaphore(0);
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private Scene scene;

  enum Medium {
    LEDGER_ALONE,
    QUEUE
  }

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    scene.toy.beforeRender =
        budget -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          go.acquireUninterruptibly();
          now.decrementAndGet();
        };
  }

  @AfterEach
  void close() {
    go.release(1000);
    scene.close();
    callers.shutdownNow();
  }

  private AssetPipeline over(Medium medium, int renders) {
    PipelineBuilder builder = scene.builder(3).renders(renders);
    return scene
        .built(medium == Medium.QUEUE ? builder.queue(new InMemoryWorkQueue(scene.clock)) : builder)
        .start();
  }

  private List<Future<ReadyVariant>> asked(AssetPipeline assets, int count) {
    List<Future<ReadyVariant>> variants = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      AssetId id = inspected(assets, "asset " + i);
      variants.add(callers.submit(() -> assets.variant(id, THREE).await(PATIENT)));
    }
    return variants;
  }

  private void awaitRendering(int count) {
    while (now.get() < count) {
      assertThat(Thread.interrupted()).as("waited in vain").isFalse();
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @EnumSource(Medium.class)
  void noMoreVariantsAreMadeAtOnceThanSaidAndInspectionsGoOn(Medium medium) throws Exception {
    AssetPipeline assets = over(medium, 1);
    List<Future<ReadyVariant>> variants = asked(assets, 6);
    awaitRendering(1);
    inspected(assets, "brought in meanwhile");
    for (int made = 0; made < 6; made++) {
      awaitRendering(1);
      go.release();
    }
    for (Future<ReadyVariant> variant : variants) {
      assertThat(text(variant.get())).isEqualTo("ASS");
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void asManyAreMadeAtOnceAsSaid() throws Exception {
    AssetPipeline assets = over(Medium.LEDGER_ALONE, 2);
    List<Future<ReadyVariant>> variants = asked(assets, 5);
    awaitRendering(2);
    go.release(5);
    for (Future<ReadyVariant> variant : variants) {
      assertThat(text(variant.get())).isEqualTo("ASS");
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void aSettingThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> scene.builder().renders(0))
        .hasMessageContaining("renders: expected 1 or more, found 0");
  }
}

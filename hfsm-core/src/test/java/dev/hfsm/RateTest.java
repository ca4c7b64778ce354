package dev.hfsm;

import static dev.hfsm.Scene.inspected;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.VariantPendingException;
import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Rate;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node does no more of a kind in a window of time than it was allowed. */
@Timeout(300)
class RateTest {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  @TempDir Path spool;
  private Scene scene;

  enum Medium {
    LEDGER_ALONE,
    QUEUE
  }

  @BeforeEach
  void build() {
    scene = new Scene(spool);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private PipelineBuilder over(Medium medium) {
    PipelineBuilder builder = scene.builder().rate(WorkKind.DERIVE, new Rate(2, WINDOW));
    return medium == Medium.QUEUE ? builder.queue(new InMemoryWorkQueue(scene.clock)) : builder;
  }

  private void awaitRendered(int count) {
    while (scene.toy.rendered.get() < count) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @EnumSource(Medium.class)
  void whatIsBeyondARateWaitsForTheNextWindowAndOtherKindsDoNot(Medium medium) {
    AssetPipeline assets = scene.started(over(medium));
    AssetId id = inspected(assets, "hello");
    for (int width = 1; width <= 5; width++) {
      VariantHandle variant = assets.variant(id, image().width(width));
      if (width <= 2) {
        variant.await(Scene.PATIENT);
      } else {
        assertThatThrownBy(() -> variant.await(Duration.ZERO))
            .isInstanceOf(VariantPendingException.class);
      }
    }
    for (int i = 0; i < 5; i++) {
      inspected(assets, "meanwhile " + i);
    }
    assertThat(scene.toy.rendered).hasValue(2);
    scene.clock.move(WINDOW.minusSeconds(1));
    inspected(assets, "shortly before");
    assertThat(scene.toy.rendered).hasValue(2);
    scene.clock.move(Duration.ofSeconds(2));
    awaitRendered(4);
    inspected(assets, "shortly after");
    assertThat(scene.toy.rendered).hasValue(4);
    scene.clock.move(WINDOW);
    awaitRendered(5);
  }

  @Test
  void aKindHasOneRate() {
    PipelineBuilder builder = scene.builder().rate(WorkKind.DERIVE, Rate.perSecond(1));
    assertThatThrownBy(() -> builder.rate(WorkKind.DERIVE, Rate.perMinute(1)))
        .hasMessageContaining("second time");
    assertThatThrownBy(() -> new Rate(0, WINDOW)).hasMessageContaining("rate: expected 1");
    assertThatThrownBy(() -> new Rate(1, Duration.ofNanos(1_500_000)))
        .hasMessageContaining("rate: expected 1");
  }
}

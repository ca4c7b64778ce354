package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.Scene.text;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.error.LedgerException;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a first request has written is flushed while its variant is being made. */
@Timeout(300)
class FlushedBesideTest {

  private static final Transformation THREE = image().width(3);

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

  @Test
  void itsMakingDoesNotWaitForTheFlush() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.tap.interceptOnce(
        "work.flush",
        (name, proceed) -> {
          while (scene.toy.rendered.get() == 0) {
            assertThat(Thread.interrupted()).as("waited in vain").isFalse();
            Thread.onSpinWait();
          }
          return proceed.now();
        });

    assertThat(text(assets.variant(id, THREE).awaitMade(PATIENT))).isEqualTo("HEL");

    assertThat(scene.tap.count("work.flush")).isEqualTo(1);
  }

  @Test
  void aFlushThatFailsCostsNobodyAVariantThatIsBeingMade() throws IOException {
    AssetPipeline assets = scene.started();
    AssetId id = inspected(assets, "hello");
    scene.tap.interceptOnce(
        "work.flush",
        (name, proceed) -> {
          throw new LedgerException("the server has gone", null, true);
        });

    assertThat(text(assets.variant(id, THREE).await(PATIENT))).isEqualTo("HEL");

    assertThat(scene.toy.rendered).hasValue(1);
    assertThat(scene.variantObjects()).hasSize(1);
  }
}

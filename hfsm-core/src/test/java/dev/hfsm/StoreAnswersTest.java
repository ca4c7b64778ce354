package dev.hfsm;

import static dev.hfsm.Scene.inspected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.Cursor;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether the store is there, asked now. */
@Timeout(300)
class StoreAnswersTest {

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
  void oneThatCannotBeReachedDoesNotAnswer() {
    AtomicBoolean away = new AtomicBoolean();
    scene.tap.intercept(
        (name, proceed) -> {
          if (away.get() && name.startsWith("blobs.")) {
            throw new BlobStoreException("connection refused", null, true);
          }
          return proceed.now();
        });
    AssetPipeline assets = scene.built(scene.builder());
    assertThat(assets.storeAnswers()).isTrue();
    away.set(true);
    assertThat(assets.storeAnswers()).isFalse();
    assertThat(assets.health().lastError()).contains("asking the store", "connection refused");
    away.set(false);
    assertThat(assets.storeAnswers()).isTrue();
  }

  @Test
  void oneThatDoesNotSayAnyMoreWhoseItIsIsNotTheStore() {
    AssetPipeline assets = scene.started();
    inspected(assets, "hello");
    scene
        .blobs
        .list("hfsm/store-id/", Cursor.START, 10)
        .items()
        .forEach(key -> scene.blobs.delete(key));
    assertThat(assets.storeAnswers()).isFalse();
  }

  @Test
  void oneThatNothingWasPutIntoYetAnswers() {
    AssetPipeline fresh =
        scene.built(
            AssetPipeline.builder()
                .ledger(new InMemoryLedger(scene.clock))
                .blobs(new InMemoryBlobStore()));
    assertThat(fresh.storeAnswers()).isTrue();
  }
}

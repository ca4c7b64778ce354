package dev.hfsm;

import static dev.hfsm.ToyTransformer.toy;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.AssetId;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether a variant can be asked for. */
@Timeout(300)
class MakesTest {

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

  private static AssetRow inspected(AssetPipeline assets, byte[] content) {
    AssetId id = assets.ingest(Upload.of(content)).id();
    return assets.awaitInspected(id, Scene.PATIENT);
  }

  @Test
  void itCanIfSomebodyMakesItOfTheType() {
    AssetPipeline assets = scene.started(scene.builder());
    AssetRow toy = inspected(assets, toy("hello"));
    assertThat(assets.makes(toy, image().width(3))).isTrue();
    assertThat(assets.makes(toy, image().fill(2, 2))).as("no such recipe").isFalse();
    AssetRow other = inspected(assets, new byte[] {1, 2, 3});
    assertThat(assets.makes(other, image().width(3))).as("no such type").isFalse();
  }

  @Test
  void itCannotBeforeAnybodyKnowsWhatItIs() {
    AssetPipeline assets = scene.built(scene.builder()); // without workers
    AssetId id = assets.ingest(Upload.of(toy("later"))).id();
    assertThat(assets.makes(assets.find(id).orElseThrow(), image().width(3))).isFalse();
  }
}

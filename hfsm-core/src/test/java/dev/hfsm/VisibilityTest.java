package dev.hfsm;

import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who says to whom an asset is delivered, and who sees it said. */
@Timeout(300)
class VisibilityTest {
  private static final byte[] BYTES = toy("Hello");
  private static final AssetId ID = AssetId.of(Digest.ofContent(BYTES));

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

  private static Upload upload() {
    return Upload.of(BYTES);
  }

  private static Visibility visibility(AssetPipeline assets) {
    return assets.find(ID).orElseThrow().visibility();
  }

  @Test
  void anUploadSaysToWhomItIsShownAndOneThatSaysNothingLeavesIt() {
    AssetPipeline assets = scene.built(scene.builder());
    assets.ingest(upload());
    assertThat(visibility(assets)).isEqualTo(Visibility.PRIVATE);
    assets.ingest(upload().visibility(Visibility.PUBLIC));
    assertThat(visibility(assets)).isEqualTo(Visibility.PUBLIC);
    assets.ingest(upload().as("again"));
    assertThat(visibility(assets)).isEqualTo(Visibility.PUBLIC);
    assets.ingest(upload().visibility(Visibility.PRIVATE));
    assertThat(visibility(assets)).isEqualTo(Visibility.PRIVATE);
  }

  @Test
  void aNewAssetIsShownFromTheMomentItIsThere() {
    AssetPipeline assets = scene.built(scene.builder());
    assets.ingest(upload().visibility(Visibility.PUBLIC).as("hero").named("hero.toy"));
    assertThat(visibility(assets)).isEqualTo(Visibility.PUBLIC);
    assertThat(assets.explain(ID).asset().visibility()).isEqualTo(Visibility.PUBLIC);
  }

  @Test
  void whatIsSaidOfAnAssetIsSeenAtOnceByTheNodeThatSaysIt() {
    AssetPipeline assets = scene.started();
    Scene.inspected(assets, "Hello");
    assertThat(assets.awaitInspected(ID, Scene.PATIENT).visibility()).isEqualTo(Visibility.PRIVATE);
    assets.show(ID, Visibility.PUBLIC);
    assertThat(assets.awaitInspected(ID, Scene.PATIENT).visibility()).isEqualTo(Visibility.PUBLIC);
    assets.ingest(upload().visibility(Visibility.PRIVATE));
    assertThat(assets.awaitInspected(ID, Scene.PATIENT).visibility()).isEqualTo(Visibility.PRIVATE);
  }

  @Test
  void whatIsNotThereCannotBeShown() {
    AssetPipeline assets = scene.built(scene.builder());
    assertThatThrownBy(() -> assets.show(ID, Visibility.PUBLIC))
        .isInstanceOf(AssetGoneException.class);
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.inspected;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Costs;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Scope;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What all scopes have spent together. */
@Timeout(300)
class TotalCostsTest {

  @TempDir Path spool;

  @Test
  void allScopesAreCountedAndNoneTwice() throws Exception {
    try (Scene scene = new Scene(spool)) {
      scene.toy.beforeRender = budget -> CpuTime.spend(1);
      AssetPipeline assets = scene.started(scene.builder());
      Scope tenant = Scope.of("other");
      AssetId one = inspected(assets, "hello");
      AssetId two = assets.ingest(Upload.of(ToyTransformer.toy("other")).in(tenant)).id();
      assets.variant(one, image().width(3)).await(PATIENT);
      assets.variant(two, image().width(3)).await(PATIENT);
      Costs all = assets.costs();
      Costs own = assets.costs(Scope.DEFAULT);
      Costs others = assets.costs(tenant);
      assertThat(all.variants()).isEqualTo(2);
      assertThat(all.storedBytes()).isEqualTo(own.storedBytes() + others.storedBytes());
      assertThat(all.cpu()).isPositive().isLessThanOrEqualTo(own.cpu().plus(others.cpu()));
    }
  }
}

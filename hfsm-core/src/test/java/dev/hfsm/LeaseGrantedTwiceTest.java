package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Claim;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that forgets a grant in a crash can grant the same lease to the same worker again. */
@Timeout(300)
class LeaseGrantedTwiceTest {

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

  /** The first grant comes once more, with the next one. */
  private void repeatTheFirstGrant() {
    List<Object> first = new ArrayList<>();
    AtomicInteger grants = new AtomicInteger();
    scene.tap.intercept(
        (name, proceed) -> {
          Object answer = proceed.now();
          if (!name.equals("work.claim") || ((List<?>) answer).isEmpty()) {
            return answer;
          }
          List<Object> granted = new ArrayList<>((List<?>) answer);
          switch (grants.incrementAndGet()) {
            case 1 -> first.addAll(granted);
            case 2 -> granted.addAll(first);
            default -> {}
          }
          return granted.stream().map(Claim.class::cast).toList();
        });
  }

  @Test
  void itsWorkGoesOnAndIsNotBegunASecondTime() {
    repeatTheFirstGrant();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger inspections = new AtomicInteger();
    scene.toy.beforeInspection =
        budget -> {
          if (inspections.incrementAndGet() == 1) {
            begun.countDown();
            DeriveTest.await(goOn);
          }
        };
    AssetPipeline assets = scene.started();
    AssetId held = assets.ingest(Upload.of(toy("held"))).id();
    DeriveTest.await(begun);

    assertInspected(assets, assets.ingest(Upload.of(toy("with the second grant"))).id());
    assertInspected(assets, assets.ingest(Upload.of(toy("behind it on the other thread"))).id());

    assertThat(inspections).as("begun").hasValue(3);
    goOn.countDown();
    assertInspected(assets, held);
    assertThat(scene.toy.inspections).hasValue(3);
  }

  private static void assertInspected(AssetPipeline assets, AssetId id) {
    assertThat(assets.awaitInspected(id, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
  }
}

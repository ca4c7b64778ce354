package dev.hfsm;

import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.custody.Cleared;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.CollectReport;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.PurgeReceipt;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BatchDelete.Undeleted;
import dev.hfsm.storage.StorageKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clearing garbage asks of a store, and what it tells. Nothing runs but what a test calls. */
@Timeout(300)
class ClearTest {

  @TempDir Path spool;
  private Scene scene;
  private AssetPipeline assets;
  private final List<Integer> batches = new ArrayList<>();
  private final Set<StorageKey> stuck = new HashSet<>();

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    assets = scene.built(scene.builder());
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private AssetId released(String text) {
    AssetId id = assets.ingest(Upload.of(toy(text))).id();
    assets.releaseAll(id);
    return id;
  }

  private Cleared clear() {
    return clear(Mode.REAL).garbage();
  }

  private CollectReport clear(Mode mode) {
    return assets.maintenance().collect(new CollectOptions(Duration.ZERO, mode), asset -> {});
  }

  private List<Undeleted> deleteAll(Collection<StorageKey> keys) {
    batches.add(keys.size());
    List<Undeleted> undeleted = new ArrayList<>();
    for (StorageKey key : keys) {
      if (stuck.contains(key)) {
        undeleted.add(new Undeleted(key, "denied"));
      } else {
        scene.blobs.delete(key);
      }
    }
    return undeleted;
  }

  private static boolean asksForBatches(String call) {
    return call.equals("blobs.capability(BatchDelete)");
  }

  private void theStoreDeletesManyAtOnce() {
    BatchDelete batch = this::deleteAll;
    scene.tap.intercept(
        (name, proceed) -> asksForBatches(name) ? Optional.of(batch) : proceed.now());
  }

  /** As a ledger whose garbage is older than its note of sizes. */
  private void noSizesAreKnown(Optional<BatchDelete> batch) {
    scene.tap.intercept(
        (name, proceed) -> {
          if (asksForBatches(name)) {
            return batch;
          }
          Object answer = proceed.now();
          return name.equals("collector.garbage")
              ? ((List<?>) answer)
                  .stream().map(g -> new Discarded(((Discarded) g).key(), null)).toList()
              : answer;
        });
  }

  @Test
  void sizesAreTheLedgersAndTheStoreIsNotAskedForThem() {
    released("one");
    released("three");
    scene.tap.forgetCalls();
    assertThat(clear()).isEqualTo(new Cleared(2, toy("one").length + toy("three").length, 0));
    assertThat(scene.objects()).isEmpty();
    assertThat(scene.tap.count("blobs.delete")).isEqualTo(2);
    assertThat(scene.tap.count("blobs.stat")).isZero();
  }

  @Test
  void aStoreThatDeletesManyAtOnceIsAskedOnceForAThousand() {
    for (int i = 0; i < 1001; i++) {
      released("%04d".formatted(i));
    }
    theStoreDeletesManyAtOnce();
    scene.tap.forgetCalls();
    assertThat(clear()).isEqualTo(new Cleared(1001, 1001L * toy("0000").length, 0));
    assertThat(scene.objects()).isEmpty();
    assertThat(batches).containsExactly(1000, 1);
    assertThat(scene.tap.count("blobs.delete")).isZero();
    assertThat(scene.tap.count("blobs.stat")).isZero();
  }

  @Test
  void whatOfABatchCannotBeDeletedIsCountedAndTriedAgain() {
    for (int i = 0; i < 6; i++) {
      released("toy " + i);
    }
    theStoreDeletesManyAtOnce();
    stuck.addAll(scene.objects().stream().limit(2).collect(Collectors.toSet()));
    assertThat(clear()).isEqualTo(new Cleared(4, 4L * toy("toy 0").length, 2));
    assertThat(scene.objects()).containsExactlyInAnyOrderElementsOf(stuck);
    stuck.clear();
    assertThat(clear()).isEqualTo(new Cleared(2, 2L * toy("toy 0").length, 0));
    assertThat(scene.objects()).isEmpty();
  }

  @Test
  void aBatchThatFailsAsAWholeIsCountedAndTriedAgain() {
    released("one");
    released("two");
    BatchDelete unreachable =
        keys -> {
          throw new BlobStoreException("unreachable", null, true);
        };
    scene.tap.intercept(
        (name, proceed) -> asksForBatches(name) ? Optional.of(unreachable) : proceed.now());
    assertThat(clear()).isEqualTo(new Cleared(0, 0, 2));
    theStoreDeletesManyAtOnce();
    assertThat(clear().objects()).isEqualTo(2);
  }

  /** A crash after the deletion, before it was noted. */
  @Test
  void whatIsGoneAlreadyIsForgottenAndCountsOnlyWhereTheStoreCannotTell() {
    for (boolean together : new boolean[] {false, true}) {
      released("gone " + together);
      scene.objects().forEach(scene.blobs::delete);
      if (together) {
        theStoreDeletesManyAtOnce();
      }
      assertThat(clear().objects()).as("together: %s", together).isEqualTo(together ? 1 : 0);
      assertThat(scene.ledger.collector().garbage(10)).isEmpty();
    }
  }

  @Test
  void sizesThatTheLedgerDoesNotKnowAreTheStores() {
    for (boolean together : new boolean[] {false, true}) {
      released("there");
      released("gone");
      scene.blobs.delete(scene.objects().get(0));
      long left = scene.blobs.stat(scene.objects().get(0)).orElseThrow().size();
      noSizesAreKnown(together ? Optional.of(this::deleteAll) : Optional.empty());
      assertThat(clear()).as("together: %s", together).isEqualTo(new Cleared(1, left, 0));
      assertThat(scene.objects()).isEmpty();
      assertThat(scene.ledger.collector().garbage(10)).isEmpty();
    }
  }

  @Test
  void aDryRunTellsWhatGarbageTakesByTheLedger() {
    released("kept in vain");
    scene.tap.interceptOnce(
        "blobs.delete",
        (name, proceed) -> {
          throw new BlobStoreException("unreachable", null, true);
        });
    assertThat(clear().failed()).isEqualTo(1);
    scene.tap.forgetCalls();
    Cleared counted = clear(Mode.DRY_RUN).garbage();
    assertThat(counted).isEqualTo(new Cleared(1, toy("kept in vain").length, 0));
    assertThat(scene.tap.count("blobs.stat")).isZero();
    noSizesAreKnown(Optional.empty());
    assertThat(clear(Mode.DRY_RUN).garbage()).isEqualTo(counted);
  }

  @Test
  void aPurgeAsksTheStoreForNoSizes() {
    AssetId id = assets.ingest(Upload.of(toy("private"))).id();
    theStoreDeletesManyAtOnce();
    scene.tap.forgetCalls();
    PurgeReceipt receipt = assets.maintenance().purge(id);
    assertThat(receipt.deleted()).isEqualTo(1);
    assertThat(batches).containsExactly(1);
    assertThat(scene.tap.count("blobs.stat")).isZero();
    assertThat(scene.ledger.collector().garbage(10)).isEmpty();
  }
}

package dev.hfsm;

import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.custody.MigrateListener;
import dev.hfsm.custody.MigrateOptions;
import dev.hfsm.custody.Mode;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.Cursor;
import dev.hfsm.storage.StorageKey;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is purged while it is copied does not stay in the new store, however a migration ends. */
@Timeout(300)
class MigrateBrokenOffTest {

  @TempDir Path spool;
  private final InMemoryBlobStore target = new InMemoryBlobStore();
  private final Tap onTarget = new Tap();
  private final AtomicReference<StorageKey> first = new AtomicReference<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private Scene scene;
  private AssetPipeline assets;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    assets = scene.built(AssetPipeline.builder().ledger(scene.ledger).blobs(scene.blobs));
    assets.ingest(Upload.of(toy("one")));
    assets.ingest(Upload.of(toy("another")));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private void migrate() {
    assets
        .maintenance()
        .migrate(onTarget.over(target), new MigrateOptions(Mode.REAL, 2), MigrateListener.none());
  }

  private List<StorageKey> copies() {
    return target.list("", Cursor.START, 100).items().stream()
        .filter(key -> key.parts().isPresent())
        .toList();
  }

  private interface Copy {
    void of(StorageKey key, Tap.Proceed proceed) throws Throwable;
  }

  /** What is done for the first blob that is copied, and for the other. */
  private void onCopies(Copy one, Copy other) {
    onTarget.intercept(
        (name, proceed) -> {
          if (!name.equals("blobs.put")) {
            return proceed.now();
          }
          StorageKey key = (StorageKey) proceed.arguments().get(0);
          if (key.parts().isEmpty()) {
            return proceed.now();
          }
          (first.compareAndSet(null, key) ? one : other).of(key, proceed);
          return null;
        });
  }

  private void purge(StorageKey key) {
    assets.maintenance().purge(key.parts().orElseThrow().asset());
  }

  private static void awaitInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // as was waited for
    }
  }

  @Test
  void whatWasPurgedBeforeItWasInterruptedIsTakenBack() {
    Thread caller = Thread.currentThread();
    onCopies(
        (key, proceed) -> {
          proceed.now();
          purge(key);
          done.countDown();
        },
        (key, proceed) -> {
          done.await();
          caller.interrupt();
          awaitInterrupt();
          Thread.currentThread().interrupt();
          throw new BlobStoreException("interrupted, as told", null, true);
        });
    assertThatThrownBy(this::migrate).isInstanceOf(LedgerException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(copies()).isEmpty();
  }

  @Test
  void whatWasPurgedBeforeACopyThrewIsTakenBackAndTheRestStays() {
    onCopies(
        (key, proceed) -> {
          proceed.now();
          purge(key);
          done.countDown();
        },
        (key, proceed) -> {
          done.await();
          proceed.now();
          throw new IllegalStateException("broken, as told");
        });
    assertThatThrownBy(this::migrate).hasMessage("broken, as told");
    assertThat(copies()).hasSize(1).doesNotContain(first.get());
  }

  @Test
  void whatIsPurgedWhileTheMigrationEndsIsTakenBack() {
    Thread caller = Thread.currentThread();
    onCopies(
        (key, proceed) -> {
          proceed.now();
          done.countDown();
          awaitInterrupt(); // until the migration ends, and is only done after that
          purge(key);
        },
        (key, proceed) -> {
          done.await();
          caller.interrupt();
          awaitInterrupt();
          Thread.currentThread().interrupt();
          throw new BlobStoreException("interrupted, as told", null, true);
        });
    assertThatThrownBy(this::migrate).isInstanceOf(LedgerException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(copies()).isEmpty();
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.inspected;
import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that does not say whose it is: new, or another place than the one that is meant. */
@Timeout(300)
class SilentStoreTest {

  @TempDir Path spool;
  private final InMemoryBlobStore elsewhere = new InMemoryBlobStore();
  private Scene scene;

  @BeforeEach
  void keepSomething() {
    scene = new Scene(spool);
    inspected(scene.started(), "kept");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private AssetPipeline overTheWrongStore() {
    return scene.built(
        AssetPipeline.builder()
            .ledger(scene.ledger)
            .blobs(elsewhere)
            .random(new Random(2))
            .spool(spool));
  }

  private static void assertRefused(ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOf(BlobStoreException.class)
        .matches(e -> !((BlobStoreException) e).retryable(), "for good")
        .hasMessageContaining("found one that says nothing")
        .hasMessageContaining("not mounted")
        .hasMessageContaining("hfsm take-store");
  }

  private boolean isEmpty(InMemoryBlobStore blobs) {
    return blobs.list("", Cursor.START, 1).items().isEmpty();
  }

  @Test
  void isNotTakenForTheOneThatTheAssetsAreIn() {
    AssetPipeline wrong = overTheWrongStore();
    assertRefused(wrong::start);
    assertRefused(() -> wrong.ingest(Upload.of(toy("new"))));
    assertThat(isEmpty(elsewhere)).isTrue();
  }

  @Test
  void isNotTheStoreEitherIfItWasAwayAtTheStart() {
    AtomicBoolean away = new AtomicBoolean(true);
    Tap tap = new Tap();
    tap.intercept(
        (name, proceed) -> {
          if (away.get() && name.startsWith("blobs.")) {
            throw new BlobStoreException("unreachable", null, true);
          }
          return proceed.now();
        });
    AssetPipeline wrong =
        scene.built(
            AssetPipeline.builder()
                .ledger(scene.ledger)
                .blobs(tap.over(elsewhere))
                .random(new Random(2))
                .spool(spool));
    wrong.start();
    away.set(false);
    assertThat(wrong.storeAnswers()).isFalse();
    assertRefused(() -> wrong.ingest(Upload.of(toy("new"))));
    assertThat(isEmpty(elsewhere)).isTrue();
  }

  @Test
  void isClaimedByTheFirstPutOfALedgerThatNamesNothing() {
    AssetPipeline first =
        scene.built(
            AssetPipeline.builder()
                .ledger(new InMemoryLedger(scene.clock))
                .blobs(elsewhere)
                .spool(spool));
    assertThatCode(() -> first.ingest(Upload.of(toy("new")))).doesNotThrowAnyException();
    assertThat(elsewhere.list("hfsm/store-id/", Cursor.START, 2).items()).hasSize(1);
  }

  @Test
  void takesThePlaceOfTheOneThatWasLostIfSomebodySaysSo() {
    AssetPipeline next = overTheWrongStore();
    next.maintenance().takeStore();
    next.start();
    assertThat(next.ingest(Upload.of(toy("new"))).outcome()).isEqualTo(Ingested.Outcome.CREATED);
    assertThatCode(() -> overTheWrongStore().start()).doesNotThrowAnyException();
  }

  @Test
  void isStillSilentWhileASecondNodeOfTheLedgerPutsItsNameIntoIt() {
    InMemoryLedger ledger = new InMemoryLedger(scene.clock);
    AssetPipeline first =
        scene.built(AssetPipeline.builder().ledger(ledger).blobs(elsewhere).spool(spool));
    byte[] id = ledger.custody().ledgerId().getBytes(StandardCharsets.US_ASCII);
    StorageKey halfPut =
        new StorageKey(
            "hfsm/store-id/"
                + ledger.custody().ledgerId()
                + "-"
                + Stamp.of(scene.clock.instant(), new Random(3))
                + "-2f5b6030-77bc-4d52-820a-47bc03b9027a");
    elsewhere.put(halfPut, new BlobRef(Digest.ofContent(id), id.length), ByteSource.of(id));
    assertThatCode(() -> first.ingest(Upload.of(toy("new")))).doesNotThrowAnyException();
    assertThatCode(first::start).doesNotThrowAnyException();
  }

  @Test
  void isNotTakenFromAnotherLedger() {
    AssetPipeline stranger =
        scene.built(
            AssetPipeline.builder()
                .ledger(new InMemoryLedger(scene.clock))
                .blobs(scene.blobs)
                .spool(spool));
    assertThatThrownBy(() -> stranger.maintenance().takeStore())
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining(scene.ledger.custody().ledgerId());
  }
}

package dev.hfsm;

import static dev.hfsm.Scene.PATIENT;
import static dev.hfsm.Scene.text;
import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Failure;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.ByteRange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class IngestTest {
  private static final byte[] BYTES = toy("Hello");
  private static final AssetId ID = AssetId.of(Digest.ofContent(BYTES));

  @TempDir Path spool;
  private Scene scene;
  private AssetPipeline assets;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    assets = scene.built(scene.builder());
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
    try (Stream<Path> files = Files.list(spool)) {
      assertThat(files).as("files left in the spool").isEmpty();
    }
  }

  private static InputStream broken() {
    return new SequenceInputStream(
        new ByteArrayInputStream(BYTES),
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }
        });
  }

  @Test
  void newBytesCostOneLookUpOnePutOneAdmissionAndARing() throws IOException {
    Ingested answer = assets.ingest(Upload.of(BYTES));
    assertThat(answer)
        .isEqualTo(new Ingested(ID, Ingested.Outcome.CREATED, AssetState.INGESTED, BYTES.length));
    // A pipeline's first put is preceded by a look at whose store it is.
    assertThat(scene.tap.calls())
        .containsExactly(
            "intake.find",
            "custody.ledgerId",
            "blobs.list",
            "blobs.put",
            "intake.admit",
            "bell.ring");
    assertThat(text(assets.open(ID))).isEqualTo("toy:Hello");
    assertThat(scene.heard).extracting(t -> t.event()).containsExactly(AssetEvent.ADMITTED);
  }

  @Test
  void knownBytesCostOneLookUpAndOneClaimAndNeverReachTheStore() {
    assets.ingest(Upload.of(BYTES));
    scene.tap.forgetCalls();
    Ingested answer = assets.ingest(Upload.of(BYTES));
    assertThat(answer.outcome()).isEqualTo(Ingested.Outcome.DUPLICATE);
    assertThat(scene.tap.calls()).containsExactly("intake.find", "intake.retain");
    assertThat(scene.objects()).hasSize(1);
    assertThat(scene.duplicates()).isEqualTo(1);
    assertThat(scene.heard).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1 << 20, (1 << 20) + 1, 3_000_000})
  void bytesOfAnySizeComeBackAsTheyWere(int size) throws IOException {
    byte[] bytes = new byte[size];
    bytes[size - 1] = 7;
    AssetId id = assets.ingest(Upload.of(bytes)).id();
    try (InputStream in = assets.open(id).open()) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
    assertThat(assets.open(id).size()).isEqualTo(size);
    assertThat(assets.open(id).digest()).isEqualTo(Digest.ofContent(bytes));
  }

  @Test
  void bytesThatAreNotTheExpectedOnesAreNotStored() {
    Digest other = Digest.ofContent(new byte[] {1});
    assertThatThrownBy(() -> assets.ingest(Upload.of(BYTES).expecting(other)))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("expected " + other + ", found " + ID.digest());
    assertThat(scene.tap.calls()).isEmpty();
    assertThat(assets.ingest(Upload.of(BYTES).expecting(ID.digest())).outcome())
        .isEqualTo(Ingested.Outcome.CREATED);
  }

  @Test
  void nothingTooMuchAndBrokenStreamsAreNotStored() {
    AssetPipeline small = scene.built(scene.builder().maxUploadBytes(BYTES.length));
    byte[] longer = toy("Hello!");
    assertThatThrownBy(() -> small.ingest(Upload.of(new byte[0])))
        .isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> small.ingest(Upload.of(longer)))
        .isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> assets.ingest(Upload.of(broken())))
        .isInstanceOf(IntegrityException.class);
    assertThatThrownBy(() -> assets.ingest(Upload.of(spool.resolve("no-such-file"))))
        .isInstanceOf(IntegrityException.class);
    assertThat(scene.tap.calls()).isEmpty();
    assertThat(small.ingest(Upload.of(BYTES)).outcome()).isEqualTo(Ingested.Outcome.CREATED);
  }

  @Test
  void whatTheUploaderSaysIsKeptAsClaims() throws IOException {
    Path folder = Files.createDirectory(spool.resolve("in"));
    Path file = Files.write(folder.resolve("Größe.jpg"), BYTES);
    AssetId id = assets.ingest(Upload.of(file).declaredAs("image/jpeg\r\nX: y")).id();
    Files.delete(file);
    Files.delete(folder);
    AssetRow row = assets.find(id).orElseThrow();
    assertThat(row.facts().get(Fact.FILE_NAME)).contains("Größe.jpg");
    assertThat(row.facts().get(Fact.DECLARED_TYPE)).contains("image/jpeg\ufffd\ufffdX: y");
    assertThat(row.facts().get(Fact.MEDIA_TYPE).orElseThrow().text()).isNotEqualTo("image/jpeg");
    assertThat(row.key().text()).doesNotContain("Gr");
  }

  @Test
  void aNameIsAClaimThatMovesAndIsGivenUp() {
    AssetId first = assets.ingest(Upload.of(BYTES).as("hero")).id();
    AssetId second = assets.ingest(Upload.of(toy("other")).as("hero")).id();
    assertThat(assets.references(first)).isEmpty();
    assertThat(assets.references(second)).extracting(r -> r.name().text()).containsExactly("hero");
    assets.retain(first, "hero");
    assertThat(assets.references(second)).isEmpty();
    assertThat(assets.release("hero")).contains(first);
    assertThat(assets.release("hero")).isEmpty();
    assertThatThrownBy(() -> assets.retain(AssetId.of(Digest.ofContent(new byte[9])), "x"))
        .isInstanceOf(AssetGoneException.class);
    assertThatThrownBy(() -> assets.release("~" + first.digest().hex()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutANameOneIsHeldUntilEverythingIsReleased() {
    assets.ingest(Upload.of(BYTES));
    assets.ingest(Upload.of(BYTES).as("b"));
    assets.ingest(Upload.of(BYTES).as("a"));
    List<Reference> given = assets.releaseAll(ID);
    assertThat(given)
        .extracting(Reference::name)
        .containsExactly(
            ReferenceName.of("a"), ReferenceName.of("b"), ReferenceName.implicit(ID.digest()));
    assertThat(assets.references(ID)).isEmpty();
    assertThat(assets.releaseAll(ID)).isEmpty();
  }

  @Test
  void releasingEverythingSparesAClaimThatMovedAwayMeanwhile() {
    assets.ingest(Upload.of(BYTES).as("hero"));
    AssetId other = assets.ingest(Upload.of(toy("other"))).id();
    assets.releaseAll(other);
    scene.tap.interceptOnce(
        "intake.release",
        (name, proceed) -> {
          scene
              .ledger
              .intake()
              .retain(new Retention(other, ReferenceName.of("hero"), Retention.Cause.CLAIM));
          return proceed.now();
        });
    assertThat(assets.releaseAll(ID)).isEmpty();
    assertThat(assets.references(other))
        .extracting(Reference::name)
        .containsExactly(ReferenceName.of("hero"));
  }

  @Test
  void damageThatIsNotedWhileTheBytesAreClaimedIsHealedByThem() {
    assets.ingest(Upload.of(BYTES).as("hero"));
    AssetRow before = assets.find(ID).orElseThrow();
    scene.tap.interceptOnce(
        "intake.retain",
        (name, proceed) -> {
          scene.blobs.delete(before.key());
          Failure damage = new Failure("missing", "no object", true, scene.clock.instant());
          scene.ledger.custody().markDamaged(ID, before.key(), damage);
          return proceed.now();
        });
    assets.ingest(Upload.of(BYTES).as("hero"));
    AssetRow after = assets.find(ID).orElseThrow();
    assertThat(after.damage()).isNull();
    assertThat(scene.blobs.stat(after.key())).isPresent();
  }

  @Test
  void scopesShareNothing() {
    Scope shop = new Scope("shop");
    AssetId here = assets.ingest(Upload.of(BYTES).as("n")).id();
    Ingested there = assets.ingest(Upload.of(BYTES).in(shop).as("n"));
    assertThat(there.outcome()).isEqualTo(Ingested.Outcome.CREATED);
    assertThat(there.id()).isEqualTo(new AssetId(shop, here.digest())).isNotEqualTo(here);
    assertThat(scene.objects()).hasSize(2);
    assertThat(assets.release(shop, "n")).contains(there.id());
    assertThat(assets.references(here)).hasSize(1);
    assertThat(assets.list(shop, Cursor.START, 10).items())
        .extracting(AssetRow::id)
        .containsExactly(there.id());
  }

  @Test
  void whoLosesTheRaceDeletesItsOwnObject() {
    AssetPipeline winner =
        scene.built(AssetPipeline.builder().ledger(scene.ledger).blobs(scene.blobs).spool(spool));
    scene.tap.interceptOnce(
        "blobs.put",
        (name, proceed) -> {
          Object put = proceed.now();
          assertThat(winner.ingest(Upload.of(BYTES)).outcome()).isEqualTo(Ingested.Outcome.CREATED);
          assertThat(scene.objects()).hasSize(2);
          return put;
        });
    assertThat(assets.ingest(Upload.of(BYTES)).outcome()).isEqualTo(Ingested.Outcome.DUPLICATE);
    assertThat(scene.objects()).containsExactly(assets.find(ID).orElseThrow().key());
  }

  @Test
  void aLeftoverThatCannotBeDeletedDoesNotFailTheIngest() {
    AssetPipeline winner =
        scene.built(AssetPipeline.builder().ledger(scene.ledger).blobs(scene.blobs).spool(spool));
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("blobs.put")) {
            winner.ingest(Upload.of(BYTES));
          }
          if (name.equals("blobs.delete")) {
            throw new BlobStoreException("denied", null, false);
          }
          return proceed.now();
        });
    assertThat(assets.ingest(Upload.of(BYTES)).outcome()).isEqualTo(Ingested.Outcome.DUPLICATE);
  }

  @Test
  void anAdmissionThatFailsAcknowledgesNothingAndCanBeRepeated() throws IOException {
    scene.tap.interceptOnce(
        "intake.admit",
        (name, proceed) -> {
          throw new LedgerException("gone", null, true);
        });
    assertThatThrownBy(() -> assets.ingest(Upload.of(BYTES))).isInstanceOf(LedgerException.class);
    assertThat(assets.find(ID)).isEmpty();
    assertThat(scene.objects()).as("left to the sweep").hasSize(1);
    assertThat(assets.ingest(Upload.of(BYTES)).outcome()).isEqualTo(Ingested.Outcome.CREATED);
    assertThat(text(assets.open(ID))).isEqualTo("toy:Hello");
  }

  @Test
  void anAdmissionWhoseAnswerIsLostLeavesTheObjectItsRowNames() throws IOException {
    scene.tap.interceptOnce(
        "intake.admit",
        (name, proceed) -> {
          proceed.now();
          throw new LedgerException("answer lost", null, true);
        });
    assertThatThrownBy(() -> assets.ingest(Upload.of(BYTES))).isInstanceOf(LedgerException.class);
    assertThat(assets.ingest(Upload.of(BYTES)).outcome()).isEqualTo(Ingested.Outcome.DUPLICATE);
    assertThat(text(assets.open(ID))).isEqualTo("toy:Hello");
    assertThat(scene.objects()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 2_000_000})
  void aKeyThatWentStaleIsPutAgain(int size) throws IOException {
    byte[] bytes = new byte[size];
    scene.tap.interceptOnce(
        "intake.admit",
        (name, proceed) -> {
          scene.clock.move(Duration.ofHours(13));
          return proceed.now();
        });
    Ingested answer = assets.ingest(Upload.of(bytes));
    assertThat(answer.outcome()).isEqualTo(Ingested.Outcome.CREATED);
    assertThat(scene.tap.count("blobs.put")).isEqualTo(2);
    try (InputStream in = assets.open(answer.id()).open()) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void aStoreThatIsAlwaysTooSlowIsReported() {
    scene.tap.intercept(
        (name, proceed) ->
            name.equals("intake.admit")
                ? new Admitted(Admitted.Outcome.STALE_KEY, null)
                : proceed.now());
    assertThatThrownBy(() -> assets.ingest(Upload.of(BYTES)))
        .isInstanceOf(LedgerException.class)
        .matches(e -> ((HfsmException) e).retryable())
        .hasMessageContaining("half the sweep window");
  }

  @Test
  void anAssetThatVanishesBetweenLookUpAndClaimIsStoredAfresh() throws IOException {
    assets.ingest(Upload.of(BYTES).as("a"));
    scene.tap.interceptOnce(
        "intake.retain",
        (name, proceed) -> {
          scene.ledger.intake().release(Scope.DEFAULT, ReferenceName.of("a"));
          scene.clock.move(Duration.ofSeconds(1));
          assertThat(scene.ledger.collector().collect(Duration.ZERO, 10)).containsExactly(ID);
          return proceed.now();
        });
    assertThat(assets.ingest(Upload.of(BYTES).as("b")).outcome())
        .isEqualTo(Ingested.Outcome.CREATED);
    assertThat(text(assets.open(ID))).isEqualTo("toy:Hello");
  }

  @Test
  void anAssetWhoseInspectionFailedIsRevivedByItsBytes() {
    scene.toy.beforeInspection =
        budget -> {
          throw new TransformationException("broken tool", null, false);
        };
    assets.start();
    assets.ingest(Upload.of(BYTES));
    assertThat(assets.awaitInspected(ID, PATIENT).state()).isEqualTo(AssetState.FAILED);
    scene.toy.beforeInspection = budget -> {};
    // Whatever was wrong with the older object, the bytes just uploaded are there.
    scene.blobs.delete(assets.find(ID).orElseThrow().key());
    Ingested again = assets.ingest(Upload.of(BYTES));
    assertThat(again.outcome()).isEqualTo(Ingested.Outcome.DUPLICATE);
    assertThat(assets.awaitInspected(ID, PATIENT).state()).isEqualTo(AssetState.METADATA_READY);
    assertThat(scene.ledger.collector().garbage(1)).isEmpty();
    assertThat(scene.objects()).containsExactly(assets.find(ID).orElseThrow().key());
    assertThat(assets.explain(ID).history())
        .extracting(HistoryEntry::event)
        .containsExactly(
            AssetEvent.ADMITTED,
            AssetEvent.EXHAUSTED,
            AssetEvent.UPLOADED_AGAIN,
            AssetEvent.FINGERPRINTED,
            AssetEvent.DESCRIBED);
  }

  @Test
  void manyUploadsOfTheSameBytesAtOnceMakeOneAsset() throws Exception {
    List<Ingested> answers = Scene.together(32, () -> assets.ingest(Upload.of(BYTES)));
    assertThat(answers.stream().filter(a -> a.outcome() == Ingested.Outcome.CREATED)).hasSize(1);
    assertThat(answers).extracting(Ingested::id).containsOnly(ID);
    assertThat(scene.objects()).containsExactly(assets.find(ID).orElseThrow().key());
    assertThat(assets.find(ID).orElseThrow().uploads()).isEqualTo(32);
  }

  @Test
  void anOriginalIsReadInRanges() throws IOException {
    assets.ingest(Upload.of(BYTES));
    Original original = assets.open(ID);
    try (InputStream in = original.open(new ByteRange(4, 3))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("Hel");
    }
    try (InputStream in = original.open(ByteRange.from(BYTES.length))) {
      assertThat(in.readAllBytes()).isEmpty();
    }
  }

  @Test
  void anOriginalThatIsMissingIsAnAlarmAndOneThatWasCollectedIsGone() {
    assets.ingest(Upload.of(BYTES).as("n"));
    Original original = assets.open(ID);
    scene.blobs.delete(original.asset().key());
    assertThatThrownBy(original::open)
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("missing from the store");
    assets.release("n");
    scene.clock.move(Duration.ofSeconds(1));
    scene.ledger.collector().collect(Duration.ZERO, 10);
    assertThatThrownBy(original::open).isInstanceOf(AssetGoneException.class);
    assertThatThrownBy(() -> assets.open(ID)).isInstanceOf(AssetGoneException.class);
    assertThatThrownBy(() -> assets.explain(ID)).isInstanceOf(AssetGoneException.class);
    assertThat(assets.find(ID)).isEmpty();
  }
}

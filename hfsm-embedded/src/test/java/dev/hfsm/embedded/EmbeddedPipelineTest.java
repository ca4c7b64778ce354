package dev.hfsm.embedded;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.ReadyVariant;
import dev.hfsm.Upload;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.Scope;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main job on the embedded default: real SQLite, real files, real pictures. */
class EmbeddedPipelineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir Path folder;

  private AssetPipeline open() {
    return Hfsm.embedded(folder.resolve("data")).preset("thumb", image().cover(64, 64)).start();
  }

  @Test
  void ingestsOnceLearnsFactsMakesAVariantOnFirstRequestAndFindsItAgain() throws IOException {
    byte[] photo = TestPictures.jpeg(640, 480, 1);
    try (AssetPipeline assets = open()) {
      Ingested first = assets.ingest(Upload.of(photo).as("product/42/hero").named("hero.jpg"));
      Ingested second =
          assets.ingest(Upload.of(new ByteArrayInputStream(photo)).as("product/43/hero"));
      assertThat(first.outcome()).isEqualTo(Ingested.Outcome.CREATED);
      assertThat(second.outcome()).isEqualTo(Ingested.Outcome.DUPLICATE);
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(first.id().digest()).isEqualTo(Digest.ofContent(photo));

      ByteArrayOutputStream thumb = new ByteArrayOutputStream();
      ReadyVariant made = assets.variant(first.id(), "thumb").await(PATIENCE);
      made.transferTo(thumb);
      assertThat(made.made()).isEqualTo(ReadyVariant.Made.NOW);
      var picture = ImageIO.read(new ByteArrayInputStream(thumb.toByteArray()));
      assertThat(picture.getWidth()).isEqualTo(64);
      assertThat(picture.getHeight()).isEqualTo(64);

      ReadyVariant found = assets.variant(first.id(), "thumb").await(Duration.ZERO);
      assertThat(found.made()).isEqualTo(ReadyVariant.Made.BEFORE);
      assertThat(found.digest()).isEqualTo(made.digest());

      AssetRow row = assets.find(first.id()).orElseThrow();
      assertThat(row.state()).isEqualTo(AssetState.VARIANTS_READY);
      assertThat(row.facts().get(Fact.WIDTH)).contains(640);
      assertThat(row.facts().get(Fact.HEIGHT)).contains(480);
      assertThat(row.facts().get(Fact.MEDIA_TYPE)).contains(MediaType.JPEG);
      assertThat(row.facts().get(Fact.FILE_NAME)).contains("hero.jpg");
      assertThat(row.facts().get(Fact.PERCEPTUAL_HASH)).isPresent();
      assertThat(assets.explain(first.id()).history())
          .extracting(HistoryEntry::to)
          .containsExactly(
              AssetState.INGESTED,
              AssetState.DEDUP_CHECK,
              AssetState.METADATA_READY,
              AssetState.VARIANTS_READY);
      assertThat(assets.explain(first.id()).work()).isEmpty();
    }
    assertThat(objects("raw")).hasSize(1);
    assertThat(objects("var")).hasSize(1);
    assertThat(files(folder.resolve("data/spool"))).isEmpty();
  }

  @Test
  void variantsAskedForTogetherAreTheSameAsAskedForAlone() {
    byte[] photo = TestPictures.jpeg(640, 480, 1);
    List<Transformation> recipes =
        Stream.of(32, 100, 200, 333, 640)
            .map(width -> image().width(width).format(Format.JPEG))
            .toList();
    List<Digest> alone = new ArrayList<>();
    try (AssetPipeline assets = Hfsm.embedded(folder.resolve("alone")).start()) {
      Ingested ingested = assets.ingest(Upload.of(photo));
      for (Transformation recipe : recipes) {
        alone.add(assets.variant(ingested.id(), recipe).await(PATIENCE).digest());
      }
    }
    try (AssetPipeline assets = open()) {
      Ingested ingested = assets.ingest(Upload.of(photo));
      List<ReadyVariant> together = assets.variants(ingested.id(), recipes).await(PATIENCE);
      assertThat(together).extracting(ReadyVariant::digest).isEqualTo(alone);
      assertThat(together).extracting(ReadyVariant::width).containsExactly(32, 100, 200, 333, 640);
      assertThat(assets.explain(ingested.id()).work()).isEmpty();
    }
  }

  @Test
  void everythingIsThereAfterARestart() throws IOException {
    byte[] photo = TestPictures.png(300, 200, 2);
    Ingested ingested;
    ReadyVariant made;
    try (AssetPipeline assets = open()) {
      ingested = assets.ingest(Upload.of(photo).as("a"));
      made = assets.variant(ingested.id(), image().width(100).format(Format.WEBP)).await(PATIENCE);
    }
    try (AssetPipeline assets = open()) {
      assertThat(assets.ingest(Upload.of(photo)).outcome()).isEqualTo(Ingested.Outcome.DUPLICATE);
      ReadyVariant found =
          assets
              .variant(ingested.id(), image().width(100).format(Format.WEBP))
              .await(Duration.ZERO);
      assertThat(found.key()).isEqualTo(made.key());
      assertThat(found.mediaType()).isEqualTo(MediaType.WEBP);
      assertThat(found.open().readAllBytes()).hasSize((int) found.size());
      assertThat(assets.open(ingested.id()).open().readAllBytes()).isEqualTo(photo);
      assertThat(assets.references(ingested.id())).hasSize(2);
    }
  }

  @Test
  void workOwedByAProcessThatNeverStartedItsWorkersIsDoneByTheNext() {
    Ingested ingested;
    try (AssetPipeline idle = Hfsm.embedded(folder.resolve("data")).build()) {
      ingested = idle.ingest(Upload.of(TestPictures.jpeg(64, 48, 3)));
      assertThat(ingested.state()).isEqualTo(AssetState.INGESTED);
    }
    try (AssetPipeline assets = open()) {
      assertThat(assets.awaitInspected(ingested.id(), PATIENCE).state())
          .isEqualTo(AssetState.METADATA_READY);
    }
  }

  @Test
  void twoPipelinesShareOneFolder() {
    try (AssetPipeline one = open();
        AssetPipeline two = open()) {
      for (int i = 0; i < 10; i++) {
        byte[] photo = TestPictures.jpeg(80, 60, 100 + i);
        Ingested first = one.ingest(Upload.of(photo));
        Ingested second = two.ingest(Upload.of(photo));
        assertThat(second.outcome()).isEqualTo(Ingested.Outcome.DUPLICATE);
        ReadyVariant here = one.variant(first.id(), "thumb").await(PATIENCE);
        ReadyVariant there = two.variant(first.id(), "thumb").await(PATIENCE);
        assertThat(there.digest()).isEqualTo(here.digest());
      }
      assertThat(one.stats(Scope.DEFAULT).variants()).isEqualTo(10);
    }
  }

  @Test
  void aPictureSavedAgainWithoutLossIsRecognisedByItsPixels() throws IOException {
    try (AssetPipeline assets = open()) {
      byte[] png = TestPictures.png(120, 90, 4);
      var picture = ImageIO.read(new ByteArrayInputStream(png));
      ByteArrayOutputStream bmp = new ByteArrayOutputStream();
      ImageIO.write(picture, "bmp", bmp);
      Ingested first = assets.ingest(Upload.of(png));
      assets.awaitInspected(first.id(), PATIENCE);
      Ingested again = assets.ingest(Upload.of(bmp.toByteArray()));
      AssetRow row = assets.awaitInspected(again.id(), PATIENCE);
      assertThat(again.outcome()).isEqualTo(Ingested.Outcome.CREATED);
      assertThat(row.facts().get(Fact.SAME_PIXELS_AS)).contains(first.id());
    }
  }

  @Test
  void aTruncatedPictureIsRejectedWithAReasonAndItsOriginalStaysReadable() throws IOException {
    byte[] photo = TestPictures.png(300, 300, 5);
    byte[] truncated = Arrays.copyOf(photo, photo.length / 3);
    try (AssetPipeline assets = open()) {
      Ingested ingested = assets.ingest(Upload.of(truncated).declaredAs("image/jpeg"));
      AssetRow row = assets.awaitInspected(ingested.id(), PATIENCE);
      assertThat(row.state()).isEqualTo(AssetState.REJECTED);
      assertThat(row.facts().get(Fact.REJECTION).orElseThrow()).isNotBlank();
      assertThat(row.facts().get(Fact.DECLARED_TYPE)).contains("image/jpeg");
      assertThat(row.facts().get(Fact.MEDIA_TYPE)).contains(MediaType.PNG);
      assertThat(assets.open(ingested.id()).open().readAllBytes()).isEqualTo(truncated);
      assertThatThrownBy(() -> assets.variant(ingested.id(), "thumb").await(PATIENCE))
          .isInstanceOf(RejectedMediaException.class);
    }
  }

  @Test
  void whatNoTransformerKnowsIsKeptAsItIs() throws IOException {
    byte[] pdf = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF".getBytes(StandardCharsets.US_ASCII);
    try (AssetPipeline assets = open()) {
      Ingested ingested = assets.ingest(Upload.of(pdf));
      AssetRow row = assets.awaitInspected(ingested.id(), PATIENCE);
      assertThat(row.state()).isEqualTo(AssetState.METADATA_READY);
      assertThat(row.facts().get(Fact.MEDIA_TYPE)).contains(new MediaType("application/pdf"));
      assertThat(assets.open(ingested.id()).open().readAllBytes()).isEqualTo(pdf);
      assertThatThrownBy(() -> assets.variant(ingested.id(), "thumb").await(PATIENCE))
          .hasMessageContaining("application/pdf");
    }
  }

  @Test
  void aFolderThatIsAFileIsRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "x");
    assertThatThrownBy(() -> Hfsm.embedded(file))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("taken");
  }

  @Test
  void aLedgerThatIsNoDatabaseIsRefusedByName() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(
        data.resolve("ledger.db"), "this is not a database, whatever its name says. ".repeat(50));
    assertThatThrownBy(() -> Hfsm.embedded(data))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("ledger");
  }

  /** The pool says that it has ended before its threads have taken their last steps. */
  @Test
  @Timeout(300)
  void closingEndsEveryThread() {
    try (AssetPipeline assets = open()) {
      assets.ingest(Upload.of(TestPictures.jpeg(32, 32, 6)));
    }
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.isAlive() && thread.getName().startsWith("hfsm-sqlite"))) {
      Thread.onSpinWait();
    }
  }

  private Stream<Path> filesIn(Path root) throws IOException {
    return Files.isDirectory(root) ? Files.walk(root).filter(Files::isRegularFile) : Stream.empty();
  }

  private List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = filesIn(root)) {
      return files.toList();
    }
  }

  private List<Path> objects(String area) throws IOException {
    return files(folder.resolve("data/blobs/objects").resolve(area));
  }
}

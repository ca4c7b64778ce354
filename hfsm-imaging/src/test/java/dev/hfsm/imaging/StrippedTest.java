package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Alpha;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Keep;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Of a file that is stripped the picture is left, bit for bit, and nothing of what else it said.
 */
class StrippedTest extends EngineFixture {

  private static final Set<MediaType> COPIED =
      Set.of(MediaType.JPEG, MediaType.PNG, MediaType.GIF, MediaType.WEBP);
  private static final Transformation STRIP = Transformation.image().strip();

  private Rendition stripped(Source source) {
    return rendition(source, STRIP.resolve(source.type(), Alpha.ABSENT));
  }

  private Source source(MediaType type, byte[] file) {
    return Pictures.source(folder, type, file);
  }

  private byte[] pixels(MediaType type, byte[] file) {
    return bytes(rendition(source(type, file), PNG));
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatAFileSaysIsGoneAndEveryPixelIsLeft() {
    for (Map.Entry<String, byte[]> file : EveryKind.files().entrySet()) {
      MediaType type = EveryKind.type(file.getKey());
      byte[] copy = bytes(stripped(source(type, file.getValue())));
      assertThat(text(copy).toUpperCase(Locale.ROOT)).as(file.getKey()).doesNotContain("SECRET");
      if (COPIED.contains(type)) {
        assertThat(copy.length).as(file.getKey()).isLessThan(file.getValue().length);
        assertThat(pixels(type, copy)).as(file.getKey()).isEqualTo(pixels(type, file.getValue()));
        assertThat(bytes(stripped(source(type, copy))))
            .as("%s, twice", file.getKey())
            .isEqualTo(copy);
        var before = engine.inspect(source(type, file.getValue()), new TestBudget());
        var after = engine.inspect(source(type, copy), new TestBudget());
        assertThat(after.get(Fact.FRAMES)).as(file.getKey()).isEqualTo(before.get(Fact.FRAMES));
        assertThat(after.get(Fact.GPS)).isEmpty();
      }
    }
  }

  @Test
  void thePictureStaysAsItIsTurned() {
    for (int orientation = 1; orientation <= 8; orientation++) {
      byte[] turned = Pictures.withExif(Samples.jpeg(Samples.spec(40, 24)), orientation, "SECRET");
      Rendition made = stripped(source(MediaType.JPEG, turned));
      byte[] copy = bytes(made);
      assertThat(text(copy)).doesNotContain("SECRET");
      assertThat(pixels(MediaType.JPEG, copy))
          .as("orientation %d", orientation)
          .isEqualTo(pixels(MediaType.JPEG, turned));
      assertThat(made.width()).isEqualTo(orientation > 4 ? 24 : 40);
      assertThat(made.height()).isEqualTo(orientation > 4 ? 40 : 24);
    }
  }

  @Test
  void aPictureOfAnotherFormatIsEncoded() {
    Source bmp = source(EveryKind.type("x.bmp"), EveryKind.files().get("plain.bmp"));
    Transformation jpeg = STRIP.quality(60).resolve(bmp.type(), Alpha.ABSENT);
    assertThat(bytes(rendition(bmp, jpeg)))
        .isEqualTo(bytes(rendition(bmp, Transformation.image().quality(60).format(Format.JPEG))));
    Source png = source(MediaType.PNG, Samples.png(40, 24, 3));
    assertThat(rendition(png, STRIP.format(Format.JPEG)).type()).isEqualTo(MediaType.JPEG);
  }

  @Test
  void oneThatIsStrippedAndOneThatIsResizedComeTogether() {
    Source jpeg = source(MediaType.JPEG, EveryKind.files().get("baseline.jpg"));
    Transformation small = Transformation.image().width(20).format(Format.JPEG);
    Transformation strip = STRIP.format(Format.JPEG);
    List<Rendition> together = engine.render(jpeg, List.of(small, strip, small), new TestBudget());
    assertThat(together).extracting(Rendition::transformation).containsExactly(small, strip, small);
    assertThat(bytes(together.get(1))).isEqualTo(bytes(rendition(jpeg, strip)));
    assertThat(bytes(together.get(2))).isEqualTo(bytes(rendition(jpeg, small)));
  }

  @Test
  void whoeverOwnsItMayBeKept() {
    byte[] exif = new Rights(Optional.of("Ann Artist"), Optional.of("© Ann")).exif(6);
    byte[] jpeg =
        Pictures.withSegment(
            Samples.jpeg(Samples.spec(40, 24)),
            0xE1,
            Pictures.concat("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1), exif));
    Transformation keeping = STRIP.keep(Keep.COPYRIGHT).format(Format.JPEG);
    byte[] copy = bytes(rendition(source(MediaType.JPEG, jpeg), keeping));
    assertThat(text(copy)).contains("Ann Artist");
    assertThat(pixels(MediaType.JPEG, copy)).isEqualTo(pixels(MediaType.JPEG, jpeg));
    assertThat(text(bytes(stripped(source(MediaType.JPEG, jpeg))))).doesNotContain("Ann");
  }

  @Test
  void filesOfCamerasAndProgramsKeepTheirPixelsAndNothingElse() {
    Path root = Corpus.rootOrSkip();
    SoftAssertions softly = new SoftAssertions();
    int seen = 0;
    for (Map<String, String> row : Corpus.table(root.resolve("MANIFEST.csv"))) {
      Path file = root.resolve(row.get("path"));
      Optional<MediaType> type =
          row.get("path").matches("(photos|formats|orientation)/.*")
              ? Corpus.sniff(file).filter(COPIED::contains)
              : Optional.empty();
      if (type.isEmpty()) {
        continue;
      }
      Source source = new Source(type.get(), Facts.NONE, file);
      Facts before;
      try {
        before = engine.inspect(source, new TestBudget());
      } catch (HfsmException unsupported) {
        continue;
      }
      seen++;
      byte[] copy = bytes(stripped(source));
      Facts after = engine.inspect(source(type.get(), copy), new TestBudget());
      for (Fact<?> fact :
          List.of(Fact.PIXEL_DIGEST, Fact.UPRIGHT_WIDTH, Fact.FRAMES, Fact.ICC_PROFILE)) {
        softly.assertThat(after.get(fact)).as(file + " " + fact).isEqualTo(before.get(fact));
      }
      for (Fact<?> fact : List.of(Fact.MAKE, Fact.MODEL, Fact.TAKEN, Fact.GPS)) {
        softly.assertThat(after.get(fact)).as(file + " " + fact).isEmpty();
      }
    }
    assertThat(seen).isGreaterThan(60);
    softly.assertAll();
  }

  /** Whatever is in a file, the copy ends in one of the outcomes that transformers have. */
  @Test
  void damagedFilesAreCopiedOrRefused() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (Map.Entry<String, byte[]> file : EveryKind.files().entrySet()) {
      MediaType type = EveryKind.type(file.getKey());
      for (int i = 0; COPIED.contains(type) && i < 150; i++) {
        byte[] broken = file.getValue().clone();
        for (int hits = random.nextInt(6); hits >= 0; hits--) {
          broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
        }
        if (random.nextInt(3) == 0) {
          broken = Arrays.copyOf(broken, random.nextInt(broken.length));
        }
        Path path = Pictures.source(folder, type, broken).file();
        try {
          stripped(new Source(type, Facts.NONE, path));
        } catch (HfsmException refused) {
          assertThat(refused.getMessage()).as("%s, seed %d", file.getKey(), seed).isNotEmpty();
        }
      }
    }
  }

  /** A small file could fill the heap with a list of its parts. */
  @ParameterizedTest
  @ValueSource(strings = {"image/jpeg", "image/png", "image/gif", "image/webp"})
  void aFileOfMorePartsThanAnyProgramWritesIsRefusedForGood(String type) {
    Crumbs crumbs = Crumbs.of(new MediaType(type));
    Source apart = source(crumbs.type(), crumbs.file(Pieces.MOST, true));
    assertThatThrownBy(() -> stripped(apart))
        .isInstanceOfSatisfying(
            LimitExceededException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("100000 parts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"image/jpeg", "image/png", "image/gif", "image/webp"})
  void partsThatFollowOneAnotherAreOneHoweverManyTheyAre(String type) {
    Crumbs crumbs = Crumbs.of(new MediaType(type));
    byte[] file = crumbs.file(Pieces.MOST, false);
    byte[] copy = bytes(stripped(source(crumbs.type(), file)));
    assertThat(Arrays.equals(copy, file)).isTrue();
  }

  @Test
  void anAnimatedWebpMayHaveAnyNumberOfFrames() {
    byte[] file = Crumbs.frames(Pieces.MOST);
    assertThat(Arrays.equals(bytes(stripped(source(MediaType.WEBP, file))), file)).isTrue();
  }

  @Test
  void aFrameInAFrameOfAWebpIsLeftOutHoweverDeepTheyLie() {
    byte[] copy = bytes(stripped(source(MediaType.WEBP, Crumbs.nestedFrames(100_000))));
    assertThat(Arrays.equals(copy, Crumbs.frames(1))).isTrue();
  }

  @Test
  void nothingElseIsDoneToAPictureThatIsStripped() {
    assertThatThrownBy(() -> STRIP.width(10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("strip=true only with q, keep and format");
  }
}

package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.error.HfsmException;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Alpha;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** The engine against the shared corpus: what others say of the same files, and hostile ones. */
class CorpusTest {

  private static final Transformation SMALL = Transformation.image().inside(320, 320);
  private static final DateTimeFormatter EXIF_TIME =
      DateTimeFormatter.ofPattern("uuuu:MM:dd HH:mm:ss");

  private final ImageTransformer engine = new ImageTransformer();

  @Test
  void factsOfPhotosAndFormatsAreThoseOtherToolsFind() {
    Path root = Corpus.rootOrSkip();
    SoftAssertions softly = new SoftAssertions();
    int seen = 0;
    for (Map<String, String> row : Corpus.table(root.resolve("MANIFEST.csv"))) {
      String path = row.get("path");
      if (!path.matches("(photos|formats|orientation)/.*")
          || row.get("mime").contains("tiff-big")) {
        continue;
      }
      Optional<MediaType> type = Corpus.sniff(root.resolve(path));
      boolean raw =
          row.get("mime").matches("image/x-(adobe-dng|canon-cr2)") || path.endsWith(".nef");
      if (type.isEmpty() || raw) {
        continue;
      }
      seen++;
      Facts facts;
      try {
        facts =
            engine.inspect(
                new Source(type.get(), Facts.NONE, root.resolve(path)), new TestBudget());
      } catch (HfsmException e) {
        if (!row.get("expected").contains("unsupported") && !path.contains("arith")) {
          softly.fail(path + ": " + e);
        }
        continue;
      }
      compare(softly, path, row, facts);
    }
    assertThat(seen).isGreaterThan(100);
    softly.assertAll();
  }

  private static void compare(
      SoftAssertions softly, String path, Map<String, String> row, Facts facts) {
    equal(softly, path, row, "width", facts.get(Fact.WIDTH));
    equal(softly, path, row, "height", facts.get(Fact.HEIGHT));
    if (facts.get(Fact.FRAMES).isEmpty()) {
      // Only the size is read of a type whose pixels stay closed.
      return;
    }
    equal(softly, path, row, "upright_width", facts.get(Fact.UPRIGHT_WIDTH));
    equal(softly, path, row, "upright_height", facts.get(Fact.UPRIGHT_HEIGHT));
    equal(softly, path, row, "make", facts.get(Fact.MAKE));
    equal(softly, path, row, "model", facts.get(Fact.MODEL));
    equal(softly, path, row, "icc", facts.get(Fact.ICC_PROFILE));
    equal(softly, path, row, "taken", facts.get(Fact.TAKEN).map(EXIF_TIME::format));
    if (row.get("orientation").matches("[1-8]")) {
      equal(softly, path, row, "orientation", facts.get(Fact.ORIENTATION));
    }
    if (!path.endsWith(".psd")) {
      // Others count layers there.
      equal(softly, path, row, "frames", facts.get(Fact.FRAMES));
    }
    if (!row.get("gps_lat").isEmpty()) {
      softly.assertThat(facts.get(Fact.GPS)).as(path + " gps").isPresent();
      facts
          .get(Fact.GPS)
          .ifPresent(
              p -> {
                softly
                    .assertThat(p.latitude())
                    .as(path)
                    .isCloseTo(
                        Double.parseDouble(row.get("gps_lat")),
                        org.assertj.core.api.Assertions.within(1e-4));
                softly
                    .assertThat(p.longitude())
                    .as(path)
                    .isCloseTo(
                        Double.parseDouble(row.get("gps_lon")),
                        org.assertj.core.api.Assertions.within(1e-4));
              });
    }
  }

  private static void equal(
      SoftAssertions softly,
      String path,
      Map<String, String> row,
      String column,
      Optional<?> fact) {
    String expected = row.get(column);
    if (expected != null && !expected.isEmpty()) {
      softly.assertThat(fact.map(Object::toString)).as(path + " " + column).contains(expected);
    }
  }

  @Test
  void everyOrientationComesOutAsItsReference() throws Exception {
    Path root = Corpus.rootOrSkip();
    int compared = 0;
    for (Map<String, String> row : Corpus.table(root.resolve("MANIFEST.csv"))) {
      if (!row.get("path").startsWith("orientation/") || row.get("upright_ref").isEmpty()) {
        continue;
      }
      BufferedImage upright = small(root.resolve(row.get("path")));
      BufferedImage reference = small(root.resolve(row.get("upright_ref")));
      assertThat(upright.getWidth()).as(row.get("path")).isEqualTo(reference.getWidth());
      assertThat(upright.getHeight()).as(row.get("path")).isEqualTo(reference.getHeight());
      // Each file has its number written on it, so that they differ, but little.
      assertThat(Pictures.difference(upright, reference)).as(row.get("path")).isLessThan(3);
      compared++;
    }
    assertThat(compared).isGreaterThanOrEqualTo(8);
  }

  private BufferedImage small(Path file) throws IOException {
    Transformation recipe = Transformation.image().inside(300, 300).format(Format.PNG);
    Source source = new Source(MediaType.JPEG, Facts.NONE, file);
    try (var in =
        engine.render(source, List.of(recipe), new TestBudget()).get(0).content().open()) {
      return Pictures.decoded(in.readAllBytes());
    }
  }

  @Test
  void everyDecodablePhotoAndFormatMakesVariants() {
    Path root = Corpus.rootOrSkip();
    SoftAssertions softly = new SoftAssertions();
    int made = 0;
    for (Map<String, String> row : Corpus.table(root.resolve("MANIFEST.csv"))) {
      String path = row.get("path");
      Optional<MediaType> type = Corpus.sniff(root.resolve(path));
      boolean wanted = path.matches("(photos|formats)/.*") && row.get("expected").equals("ok");
      if (!wanted || path.contains("arith") || type.isEmpty() || !Headers.decodes(type.get())) {
        continue;
      }
      Source source = new Source(type.get(), Facts.NONE, root.resolve(path));
      try {
        var done =
            engine.render(
                source, List.of(SMALL.resolve(type.get(), Alpha.ABSENT)), new TestBudget());
        softly.assertThat(done.get(0).width()).as(path).isBetween(1, 320);
        made++;
      } catch (HfsmException e) {
        softly.fail(path + ": " + e);
      }
    }
    softly.assertAll();
    assertThat(made).isGreaterThan(100);
  }

  @Test
  void losslessCopiesHaveTheSamePixelDigestAndOthersDoNot() {
    Path root = Corpus.rootOrSkip();
    Map<String, String> digests = new HashMap<>();
    SoftAssertions softly = new SoftAssertions();
    for (Map<String, String> row : Corpus.table(root.resolve("neardup/labels.csv"))) {
      if (row.get("expect").equals("same_pixels")) {
        softly
            .assertThat(digest(root, row.get("file"), digests))
            .as(row.get("file"))
            .isEqualTo(digest(root, row.get("parent"), digests));
      } else if (row.get("expect").startsWith("nondup")) {
        digest(root, row.get("file"), digests);
      }
    }
    softly.assertAll();
    assertThat(digests).hasSizeGreaterThan(20);
    List<String> copies = digests.keySet().stream().filter(f -> f.contains("pixels_same")).toList();
    copies.forEach(digests::remove);
    assertThat(digests.values()).doesNotHaveDuplicates();
  }

  private String digest(Path root, String file, Map<String, String> known) {
    return known.computeIfAbsent(
        file,
        f -> {
          Path path = root.resolve(f);
          Facts facts =
              engine.inspect(
                  new Source(Corpus.sniff(path).orElseThrow(), Facts.NONE, path), new TestBudget());
          return facts.get(Fact.PIXEL_DIGEST).orElseThrow().toString();
        });
  }
}

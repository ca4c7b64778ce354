package dev.hfsm.imaging;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.hfsm.error.TransformationException;
import dev.hfsm.imaging.jpegenc.JpegSpec;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JPEG, PNG and GIF need no java.desktop. */
class WithoutDesktopTest {

  /** The classes that may touch it: they are loaded when a picture of another kind is decoded. */
  private static final Set<String> FALLBACK =
      Set.of(
          "AllowedReaders",
          "Decoder",
          "ImageTransformer",
          "Icon",
          "PsdDecoder",
          "Readers",
          "SplicedInput",
          "Strip",
          "TiffJpeg",
          "Watch",
          "WebpLight");

  @TempDir Path folder;

  /** What the child does, and the parent too, which has all modules. */
  static final class Main {
    public static void main(String[] arguments) throws Exception {
      System.out.println("desktop " + ModuleLayer.boot().findModule("java.desktop").isPresent());
      for (String argument : arguments) {
        results(Path.of(argument)).forEach(System.out::println);
      }
      refusal(Path.of(arguments[0])).forEach(System.out::println);
    }
  }

  private static List<String> results(Path file) throws IOException, NoSuchAlgorithmException {
    String ending = file.toString().replaceFirst(".*\\.", "");
    MediaType type =
        switch (ending) {
          case "png" -> MediaType.PNG;
          case "gif" -> MediaType.GIF;
          default -> MediaType.JPEG;
        };
    Source source = new Source(type, Facts.NONE, file);
    ImageTransformer engine = new ImageTransformer();
    List<String> lines = new ArrayList<>();
    lines.add(engine.inspect(source, new TestBudget()).toString().replace('\n', ' '));
    List<Transformation> wanted = new ArrayList<>();
    for (Format format : List.of(Format.JPEG, Format.PNG, Format.GIF)) {
      Transformation plain = Transformation.image().format(format);
      wanted.add(plain.inside(60, 60));
      wanted.add(plain.cover(40, 50).rotate(90).sharpen(1).grayscale());
    }
    wanted.add(Transformation.image().format(Format.JPEG).inside(90, 90).progressive());
    wanted.add(Transformation.image().format(Format.JPEG).inside(90, 90).autoQuality());
    for (Rendition rendition : engine.render(source, wanted, new TestBudget())) {
      try (var in = rendition.content().open()) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
        lines.add(rendition.transformation() + " " + HexFormat.of().formatHex(digest));
      }
    }
    return lines;
  }

  /** What needs the module is not offered; who asks all the same is told why. */
  private static List<String> refusal(Path file) {
    ImageTransformer engine = new ImageTransformer();
    Transformation png = Transformation.image().format(Format.PNG);
    String answer;
    try {
      engine.render(new Source(MediaType.BMP, Facts.NONE, file), List.of(png), new TestBudget());
      answer = "made";
    } catch (TransformationException e) {
      answer = e.getMessage();
    } catch (RuntimeException e) {
      answer = e.getClass().getName();
    }
    return List.of("accepts BMP " + engine.accepts(MediaType.BMP, png), "BMP: " + answer);
  }

  @Test
  void jpegPngAndGifBecomeTheSameVariantsInAnImageThatHasNoDesktop() throws Exception {
    JpegSpec plain = Samples.spec(300, 200);
    List<String> files =
        List.of(
            file("baseline.jpg", Samples.jpeg(plain)),
            file("progressive.jpg", Samples.jpeg(plain.with(JpegSpec.Scans.PROGRESSIVE))),
            file("p3.jpg", Samples.jpeg(plain.withProfile(Samples.displayP3()))),
            file("exif.jpg", Pictures.withExif(Samples.jpeg(plain), 6, "a camera")),
            file("opaque.png", Samples.png(300, 200, 3)),
            file("alpha.png", Samples.png(300, 200, 4)),
            file("pages.gif", EveryKind.files().get("pages.gif")));
    List<String> expected = new ArrayList<>();
    for (String file : files) {
      expected.addAll(results(Path.of(file)));
    }
    List<String> found =
        ChildJvm.run(List.of("--limit-modules", "java.base", "-Xmx128m"), Main.class, files);
    assertThat(found).startsWith("desktop false").containsSubsequence(expected);
    assertThat(found).contains("accepts BMP false");
  }

  @Test
  void onlyTheFallbackTouchesDesktop() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.hfsm.imaging", "com.luciad");
    Set<String> found = new TreeSet<>();
    for (JavaClass type : classes) {
      boolean touches =
          type.getDirectDependenciesFromSelf().stream()
              .anyMatch(
                  d ->
                      resideInAnyPackage("java.awt..", "javax.imageio..", "com.twelvemonkeys..")
                          .test(d.getTargetClass().getBaseComponentType()));
      if (touches) {
        found.add(type.getName().replaceFirst(".*\\.", "").replaceFirst("\\$.*", ""));
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(FALLBACK);
  }

  private String file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content).toString();
  }
}

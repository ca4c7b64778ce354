package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every parser of untrusted bytes. As it is, each is given files of its kind and a bounded number
 * of damaged copies of them. With {@code JAZZER_FUZZ=<seconds>} in the environment, and jazzer on
 * the class path (profile {@code fuzz}), each is fuzzed for so long, guided by coverage.
 */
class FuzzTest {

  private static final int DAMAGED_COPIES = 400;
  private static final int LARGEST_SEED = 1 << 16;

  /** The parsers, and the endings of the files they read. */
  enum Parser {
    JPEG(FuzzTargets.Jpeg.class, FuzzTargets.Jpeg::fuzzerTestOneInput, "jpg"),
    PNG(FuzzTargets.Png.class, FuzzTargets.Png::fuzzerTestOneInput, "png"),
    GIF(FuzzTargets.Gif.class, FuzzTargets.Gif::fuzzerTestOneInput, "gif"),
    WEBP(FuzzTargets.Webp.class, FuzzTargets.Webp::fuzzerTestOneInput, "webp"),
    BMP(FuzzTargets.Bmp.class, FuzzTargets.Bmp::fuzzerTestOneInput, "bmp"),
    TIFF(FuzzTargets.Tiff.class, FuzzTargets.Tiff::fuzzerTestOneInput, "tif"),
    PSD(FuzzTargets.Psd.class, FuzzTargets.Psd::fuzzerTestOneInput, "psd"),
    ICO(FuzzTargets.Ico.class, FuzzTargets.Ico::fuzzerTestOneInput, "ico"),
    RAW(FuzzTargets.Raw.class, FuzzTargets.Raw::fuzzerTestOneInput, "dng"),
    BOXES(FuzzTargets.Boxes.class, FuzzTargets.Boxes::fuzzerTestOneInput, "heic"),
    ICC(FuzzTargets.Icc.class, FuzzTargets.Icc::fuzzerTestOneInput, "icc"),
    EXIF(FuzzTargets.Exif.class, FuzzTargets.Exif::fuzzerTestOneInput, "exif"),
    RECIPE(FuzzTargets.Recipe.class, FuzzTargets.Recipe::fuzzerTestOneInput, "recipe");

    private final Class<?> target;
    private final Consumer<byte[]> entry;
    private final String ending;

    Parser(Class<?> target, Consumer<byte[]> entry, String ending) {
      this.target = target;
      this.entry = entry;
      this.ending = ending;
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void answersWhateverItIsGiven(Parser parser) throws Exception {
    String only = System.getProperty("fuzz.only", parser.name());
    Assumptions.assumeTrue(only.equals(parser.name()), "only " + only + " is asked for");
    List<byte[]> seeds = seeds(parser);
    String seconds = System.getenv("JAZZER_FUZZ");
    if (seconds != null) {
      jazzer(parser, seeds, Integer.parseInt(seconds));
      return;
    }
    long seed = System.nanoTime();
    System.out.println("fuzz " + parser + " seed " + seed + ", " + seeds.size() + " files");
    SplittableRandom random = new SplittableRandom(seed);
    for (byte[] file : seeds) {
      run(parser, file, seed);
    }
    for (int i = 0; i < DAMAGED_COPIES; i++) {
      byte[] one = seeds.get(random.nextInt(seeds.size()));
      byte[] other = seeds.get(random.nextInt(seeds.size()));
      run(parser, damaged(one, other, random), seed);
    }
  }

  private static void run(Parser parser, byte[] data, long seed) throws IOException {
    try {
      parser.entry.accept(data);
    } catch (Throwable e) {
      Path kept = Files.write(Path.of("target", "fuzz-" + parser + "-finding"), data);
      fail("seed " + seed + ": " + parser + " of " + kept, e);
    }
  }

  /** Some bytes changed, a piece of another file put in, or cut off. */
  private static byte[] damaged(byte[] one, byte[] other, SplittableRandom random) {
    byte[] data = one.clone();
    if (data.length == 0) {
      return data;
    }
    for (int n = random.nextInt(5); n >= 0; n--) {
      int at =
          random.nextBoolean()
              ? random.nextInt(data.length)
              : random.nextInt(Math.min(data.length, 300));
      switch (random.nextInt(5)) {
        case 0 -> data[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> data[at] = (byte) random.nextInt();
        case 2 ->
            Arrays.fill(
                data,
                at,
                Math.min(data.length, at + 1 + random.nextInt(4)),
                (byte) (random.nextBoolean() ? 0xFF : 0));
        case 3 -> {
          int from = random.nextInt(Math.max(1, other.length));
          int length = Math.min(other.length - from, data.length - at);
          System.arraycopy(other, from, data, at, Math.min(length, 1 + random.nextInt(64)));
        }
        default -> data = Arrays.copyOf(data, Math.max(1, random.nextInt(data.length + 1)));
      }
      if (data.length < 2) {
        break;
      }
    }
    return data;
  }

  private static List<byte[]> seeds(Parser parser) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    switch (parser) {
      case ICC -> {
        seeds.add(Samples.displayP3());
        seeds.add(dev.hfsm.imaging.color.MadeProfiles.inks());
        seeds.add(dev.hfsm.imaging.color.MadeProfiles.bytes());
        seeds.add(dev.hfsm.imaging.color.MadeProfiles.elements());
      }
      case EXIF -> seeds.add(EveryKind.exif(new byte[40]));
      case RECIPE -> {
        for (String text :
            List.of(
                "w=800,h=600,fit=cover,gravity=smart,format=jpeg,q=80,progressive=true",
                "crop=1:2:3:4,rotate=90,flip=h,blur=2,sharpen=1,format=webp,q=lossless",
                "trim=10,pad=1:2:3:4,background=ff0000,keep=icc,format=png")) {
          seeds.add(text.getBytes(StandardCharsets.UTF_8));
        }
      }
      case BOXES ->
          seeds.add(
              Pictures.concat(
                  "\0\0\0\24ftypheic\0\0\0\0heic".getBytes(StandardCharsets.ISO_8859_1),
                  "\0\0\0\60meta\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1),
                  "\0\0\0\44iprp\0\0\0\34ipco".getBytes(StandardCharsets.ISO_8859_1),
                  "\0\0\0\24ispe\0\0\0\0\0\0\0\40\0\0\0\50".getBytes(StandardCharsets.ISO_8859_1)));
      default -> {
        for (Map.Entry<String, byte[]> file : EveryKind.files().entrySet()) {
          if (file.getKey().endsWith("." + parser.ending)) {
            seeds.add(file.getValue());
          }
        }
      }
    }
    seeds.addAll(bad(parser));
    // Where the WebP encoder is missing so are its files.
    return seeds.isEmpty() ? List.of(new byte[64]) : seeds;
  }

  /** Files of the corpus that once made something else fail. */
  private static List<byte[]> bad(Parser parser) throws IOException {
    List<byte[]> files = new ArrayList<>();
    if (Set.of(Parser.ICC, Parser.EXIF, Parser.RECIPE).contains(parser)
        || Corpus.root().isEmpty()) {
      return files;
    }
    var type = EveryKind.type("x." + parser.ending);
    try (var all = Files.walk(Corpus.root().get().resolve("bad"))) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        if (Files.size(file) <= LARGEST_SEED && Corpus.types(file).contains(type)) {
          files.add(Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  private void jazzer(Parser parser, List<byte[]> seeds, int seconds) throws Exception {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed" + i), seeds.get(i));
    }
    Path findings = Files.createDirectories(Path.of("target", "fuzz-" + parser));
    List<String> lines =
        ChildJvm.run(
            List.of("-Xmx512m", "-Djava.awt.headless=true"),
            "com.code_intelligence.jazzer.Jazzer",
            List.of(
                "--target_class=" + parser.target.getName(),
                "--instrumentation_includes=dev.hfsm.**:com.twelvemonkeys.**:com.drew.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-max_total_time=" + seconds,
                "-max_len=" + LARGEST_SEED,
                "-rss_limit_mb=2000",
                corpus.toString()));
    lines.stream().filter(line -> line.contains("DONE")).forEach(System.out::println);
    assertThat(lines).anyMatch(line -> line.contains("DONE"));
  }
}

package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.imaging.jpegenc.JpegSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a JVM of 256 MB answers when two workers look at many files at once, and what it has loaded
 * and left behind by then.
 */
class HostileFilesTest {

  /** Libraries of the JDK that decode nothing, and of the system. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "lib(jvm|java|jli|jimage|zip|nio|net|extnet|verify|management|management_ext|jsvml"
              + "|simdsort|awt|awt_headless|syslookup|c|m|dl|rt|pthread|gcc_s|stdc\\+\\+|z)[-.].*"
              + "|ld-.*|ld\\..*");

  private static final Set<String> NETWORK =
      Set.of(
          "java.net.Socket",
          "java.net.ServerSocket",
          "java.net.DatagramSocket",
          "sun.nio.ch.NioSocketImpl",
          "java.nio.channels.spi.SelectorProvider",
          "sun.net.www.protocol.http.HttpURLConnection");

  @TempDir Path folder;

  @Test
  void everyKindOfFileIsDecodedWithoutNativeCodeAndNothingIsLeftBehind() throws Exception {
    Path files = Files.createDirectory(folder.resolve("files"));
    for (Map.Entry<String, byte[]> file : EveryKind.files().entrySet()) {
      Files.write(files.resolve(file.getKey()), file.getValue());
    }
    List<String[]> answers = answers(files);
    assertThat(answers).hasSizeGreaterThan(30);
    // Raw pictures are TIFFs too, and are asked about as such as well.
    assertThat(
            answers.stream()
                .filter(a -> EveryKind.type(a[1]).text().equals(a[2]) && !a[6].equals("ok"))
                .map(a -> String.join(" ", a)))
        .isEmpty();
  }

  @Test
  void filesMadeToKeepDecodersBusyOrToMisleadThemAreAnsweredInTime() throws Exception {
    Path files = Files.createDirectory(folder.resolve("busy"));
    Files.write(files.resolve("empty.webp"), EveryKind.emptyWebp(7000));
    Files.write(files.resolve("circle.tif"), EveryKind.circle());
    Files.write(files.resolve("twice.tif"), EveryKind.compressedTwice());
    Files.write(files.resolve("short.bmp"), EveryKind.jpegInBmp(16));
    Files.write(files.resolve("jpeg.bmp"), EveryKind.jpegInBmp(40));
    Files.write(files.resolve("empty.bmp"), EveryKind.emptyBmp(7000, 40_000));
    List<String[]> answers = answers(files);
    assertThat(answers).hasSizeGreaterThanOrEqualTo(6);
    assertThat(badly(answers)).isEmpty();
  }

  @Test
  void twoWorkersMakeVariantsOfTwelveMegapixelsInAHeapOf256Megabytes() throws Exception {
    Path files = Files.createDirectory(folder.resolve("large"));
    JpegSpec spec = Samples.spec(4000, 3000);
    byte[] baseline = Samples.jpeg(spec);
    byte[] progressive = Samples.jpeg(spec.with(JpegSpec.Scans.PROGRESSIVE));
    for (int i = 0; i < 3; i++) {
      Files.write(files.resolve("baseline" + i + ".jpg"), baseline);
      Files.write(files.resolve("progressive" + i + ".jpg"), progressive);
    }
    List<String[]> answers = answers(files);
    assertThat(answers).hasSize(12);
    assertThat(answers.stream().filter(a -> !a[6].equals("ok")).map(a -> String.join(" ", a)))
        .isEmpty();
  }

  @Test
  void everyBadFileIsAnsweredInTimeAndInsideTheHeap() throws Exception {
    Path root = Corpus.rootOrSkip();
    List<String[]> answers = answers(root.resolve("bad"), root.resolve("formats"));
    List<String[]> slowest = new ArrayList<>(answers);
    slowest.sort(Comparator.comparingLong(a -> -Long.parseLong(a[4])));
    System.out.println("slowest of " + answers.size() + " answers, ms of processor time:");
    for (String[] a : slowest.subList(0, 10)) {
      System.out.println("  " + a[4] + " " + root.relativize(Path.of(a[1])) + " " + a[3]);
    }
    Files.write(
        Path.of("target/bad-answers.tsv"),
        answers.stream().map(a -> String.join("\t", a)).toList());
    assertThat(answers.stream().map(a -> a[1]).distinct()).hasSizeGreaterThan(500);
    assertThat(badly(answers)).isEmpty();
  }

  /** Answers that are not of the expected kinds, or came late. */
  private static List<String> badly(List<String[]> answers) {
    Set<String> typed = Set.of("ok", "rejected", "limit", "refused");
    return answers.stream()
        .filter(a -> !typed.contains(a[6]) || Long.parseLong(a[4]) > HostileMain.LIMIT_MS)
        .map(a -> String.join(" ", a))
        .toList();
  }

  private List<String[]> answers(Path... folders) throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path classes = folder.resolve("classes.log");
    List<String> options =
        List.of(
            "-Xmx256m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Djava.io.tmpdir=" + temporary,
            "-Xlog:class+load=info:file=" + classes);
    Set<String> canaries = canaries();
    List<String[]> lines =
        ChildJvm.run(
                options, HostileMain.class, List.of(folders).stream().map(Path::toString).toList())
            .stream()
            .map(line -> line.split("\t", 8))
            .toList();
    assertThat(canaries()).isEqualTo(canaries);
    assertThat(of("temporary", lines)).isEmpty();
    assertThat(of("thread", lines)).isEmpty();
    List<String> libraries = of("library", lines);
    if (libraries.isEmpty()) {
      System.out.println("NOT CHECKED: this system does not tell which libraries are loaded");
    }
    assertThat(libraries)
        .allSatisfy(l -> assertThat(Path.of(l).getFileName().toString()).matches(HARMLESS));
    try (var log = Files.lines(classes)) {
      assertThat(log.map(l -> l.replaceFirst(".*\\] ", "").replaceFirst(" .*", "")))
          .contains(ImageTransformer.class.getName())
          .doesNotContainAnyElementsOf(NETWORK);
    }
    return lines.stream().filter(l -> l[0].equals("answer")).toList();
  }

  private static List<String> of(String kind, List<String[]> lines) {
    return lines.stream().filter(l -> l[0].equals(kind)).map(l -> l[1]).toList();
  }

  /** What the files of the corpus would make if something they name was run. */
  private static Set<String> canaries() throws IOException {
    Path place = Path.of("/tmp");
    if (!Files.isDirectory(place)) {
      return Set.of();
    }
    try (var files = Files.list(place)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(name -> name.startsWith("asset-canary-"))
          .collect(java.util.stream.Collectors.toSet());
    }
  }
}

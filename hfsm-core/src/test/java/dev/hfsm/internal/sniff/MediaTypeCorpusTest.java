package dev.hfsm.internal.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Compares the sniffer with what file tools made of the shared corpus. */
class MediaTypeCorpusTest {

  /** Where the manifest uses another name for the same thing, or knows more than a head tells. */
  private static final Map<String, String> SAME =
      Map.of(
          "image/apng", "image/png",
          "application/vnd.adobe.photoshop", "image/vnd.adobe.photoshop",
          "application/x-gzip", "application/gzip",
          "image/x-tiff-big", "image/tiff",
          "image/heif", "image/heic"); // mif1 with heic among the compatible brands

  @Test
  void agreesWithTheManifest() throws IOException {
    Path corpus = corpus();
    if (!Files.isDirectory(corpus)) {
      System.out.println("SKIPPED MediaTypeCorpusTest: no corpus at " + corpus);
    }
    Assumptions.assumeTrue(Files.isDirectory(corpus), "no corpus at " + corpus);
    List<String> disagreements = new ArrayList<>();
    int compared = 0;
    for (String line : Files.readAllLines(corpus.resolve("MANIFEST.csv"))) {
      String[] columns = line.split(",", 6);
      if (columns[0].matches("(photos|formats|orientation|av|bad/wrong-ext)/.*")) {
        compared++;
        String expected = SAME.getOrDefault(columns[4], columns[4]);
        String found = sniff(corpus.resolve(columns[0]));
        if (!found.equals(expected)) {
          disagreements.add(columns[0] + ": manifest " + columns[4] + ", found " + found);
        }
      }
    }
    disagreements.forEach(System.out::println);
    assertThat(compared).as("files compared").isGreaterThan(150);
    assertThat(disagreements).isEmpty();
  }

  private static String sniff(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(MediaTypeSniffer.HEAD_BYTES);
      return MediaTypeSniffer.sniff(head, head.length).text();
    }
  }

  private static Path corpus() {
    String named = System.getProperty("HFSM_CORPUS", System.getenv("HFSM_CORPUS"));
    return named != null ? Path.of(named) : Path.of("../../shared/corpus");
  }
}

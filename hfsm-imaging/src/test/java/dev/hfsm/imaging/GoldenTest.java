package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Equal variant keys mean equal output, on every machine and in every state of the compiler. With
 * {@code -Dhfsm.golden.write} what is made now is written down as what has to be made.
 */
class GoldenTest {

  private static final String FILE = "golden.txt";
  private static final String DIFFERS =
      "the engine's output has changed. If that is on purpose, the output version in"
          + " ImageTransformer has to change with it; then write the new digests down with"
          + " -Dhfsm.golden.write";

  @TempDir Path folder;

  @Test
  void everyPathMakesWhatItMadeWhenItsVersionWasGiven() throws IOException {
    String made = Golden.text(folder, 1);
    if (System.getProperty("hfsm.golden.write") != null) {
      Path target = Path.of("src/test/resources/dev/hfsm/imaging", FILE);
      Files.createDirectories(target.getParent());
      Files.writeString(target, made);
    } else {
      assertThat(made).as(DIFFERS).isEqualTo(expected());
    }
  }

  @Test
  void theInterpreterMakesTheSame() throws Exception {
    assertThat(child(1, 5, "-Xint")).isEqualTo(Golden.text(folder, 5));
  }

  @Test
  void compiledCodeMakesTheSameFromTheFirstRoundToTheLast() throws Exception {
    assertThat(child(12, 1, "-Xbatch")).isEqualTo(Golden.text(folder, 1));
  }

  @Test
  void anotherProcessorMakesTheSame() throws Exception {
    assertThat(child(8, 1, "-Xbatch", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=0"))
        .isEqualTo(Golden.text(folder, 1));
  }

  @Test
  void jpegPngAndGifNeedNothingButTheModuleJavaBase() throws Exception {
    assertThat(child(1, 1, "--limit-modules", "java.base")).isEqualTo(Golden.text(folder, 1));
  }

  private static String expected() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(GoldenTest.class.getResourceAsStream(FILE), FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String child(int rounds, int every, String... options) throws Exception {
    List<String> said =
        ChildJvm.run(List.of(options), Golden.class, List.of("" + rounds, "" + every));
    assertThat(said).last().isEqualTo(".");
    return String.join("\n", said.subList(0, said.size() - 1)) + "\n";
  }
}

package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Files that are written here, read by the programs of this machine, as far as it has them. */
class SystemToolsTest extends EngineFixture {

  /** For each format those that end with an error if a file is not sound. */
  private static final Map<Format, List<List<String>>> TOOLS =
      Map.of(
          Format.JPEG,
          List.of(
              List.of("djpeg", "-fast", "-outfile", "/dev/null"),
              List.of("jpegtran", "-copy", "none", "-outfile", "/dev/null")),
          Format.PNG,
          List.of(List.of("pngcheck", "-q"), List.of("pngfix", "-q")),
          Format.WEBP,
          List.of(List.of("webpinfo", "-quiet"), List.of("dwebp", "-quiet", "-o", "/dev/null")),
          Format.GIF,
          List.of(List.of("giftext"), List.of("gifsicle", "--info")));

  private static final List<String> RECIPES =
      List.of(
          "w=57",
          "w=300,enlarge=true",
          "w=1,h=90,fit=fill",
          "w=90,h=1,fit=fill",
          "w=60,pad=3,grayscale=true",
          "w=61,progressive=true",
          "w=40,q=95",
          "w=40,keep=icc:copyright");

  @Test
  void findNothingWrongWithWhatIsWritten() throws Exception {
    Source photo =
        Pictures.source(
            folder,
            MediaType.JPEG,
            Pictures.encoded(Pictures.image(200, 140, RGB, (x, y) -> x * 331 + y * 7919), "jpeg"));
    Source fading =
        Pictures.png(
            folder, Pictures.image(150, 110, ARGB, (x, y) -> x << 24 | x * 331 + y * 7919));
    List<String> used = new ArrayList<>();
    for (Format format : TOOLS.keySet()) {
      for (List<String> tool : TOOLS.get(format)) {
        Optional<Path> program = program(tool.get(0));
        boolean makes = format != Format.WEBP || WebpNative.available();
        if (program.isEmpty() || !makes) {
          continue;
        }
        used.add(tool.get(0));
        for (Source source : List.of(photo, fading)) {
          for (String text : RECIPES) {
            check(program.get(), tool, source, text, format);
          }
        }
      }
    }
    System.out.println(used.isEmpty() ? "SKIPPED: none of the tools is installed" : "by " + used);
    Assumptions.assumeFalse(used.isEmpty(), "none of the tools is installed");
  }

  private void check(Path program, List<String> tool, Source source, String text, Format format)
      throws Exception {
    Transformation recipe =
        Transformation.parse(text + ",format=" + format.name().toLowerCase(java.util.Locale.ROOT));
    Path file = Files.write(folder.resolve("made"), bytes(rendition(source, recipe)));
    List<String> command = new ArrayList<>(tool);
    command.set(0, program.toString());
    command.add(file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(command + " " + text + ": " + said).isZero();
    assertThat(said.toLowerCase(java.util.Locale.ROOT))
        .as(command + " " + text)
        .doesNotContain("warning", "corrupt", "premature", "extraneous");
  }

  private static Optional<Path> program(String name) throws IOException {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      Path program = Path.of(folder).resolve(name);
      if (Files.isExecutable(program) && Files.isRegularFile(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}

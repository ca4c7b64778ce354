package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The shared test corpus, if it lies beside the project or where {@code HFSM_CORPUS} says. */
final class Corpus {

  private static final Map<String, MediaType> NAMES =
      Map.ofEntries(
          Map.entry(".jpg", MediaType.JPEG),
          Map.entry(".png", MediaType.PNG),
          Map.entry(".gif", MediaType.GIF),
          Map.entry(".webp", MediaType.WEBP),
          Map.entry(".bmp", MediaType.BMP),
          Map.entry(".tif", MediaType.TIFF),
          Map.entry(".psd", new MediaType("image/vnd.adobe.photoshop")),
          Map.entry(".ico", new MediaType("image/x-icon")),
          Map.entry(".dng", new MediaType("image/x-adobe-dng")),
          Map.entry(".cr2", new MediaType("image/x-canon-cr2")),
          Map.entry(".heic", new MediaType("image/heic")),
          Map.entry(".avif", new MediaType("image/avif")),
          Map.entry(".jp2", new MediaType("image/jp2")));

  private Corpus() {}

  static Path rootOrSkip() {
    Optional<Path> root = root();
    if (root.isEmpty()) {
      System.out.println("SKIPPED: no test corpus beside the project, and HFSM_CORPUS is not set");
    }
    Assumptions.assumeTrue(root.isPresent(), "no test corpus");
    return root.orElseThrow();
  }

  static Optional<Path> root() {
    String told = System.getProperty("HFSM_CORPUS", System.getenv("HFSM_CORPUS"));
    Path path =
        told != null ? Path.of(told) : Path.of("").toAbsolutePath().resolve("../../shared/corpus");
    return Files.isRegularFile(path.resolve("MANIFEST.csv"))
        ? Optional.of(path.normalize())
        : Optional.empty();
  }

  static List<Map<String, String>> table(Path csv) {
    try {
      List<List<String>> rows = parse(Files.readString(csv));
      List<Map<String, String>> table = new ArrayList<>();
      for (List<String> row : rows.subList(1, rows.size())) {
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < row.size(); i++) {
          named.put(rows.get(0).get(i), row.get(i));
        }
        table.add(named);
      }
      return table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** RFC 4180. */
  private static List<List<String>> parse(String text) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\n')) {
        row.add(field.toString());
        field.setLength(0);
        if (c == '\n') {
          rows.add(row);
          row = new ArrayList<>();
        }
      } else if (quoted || c != '\r') {
        field.append(c);
      }
    }
    return rows;
  }

  /** The type by the first bytes, as the pipeline does it; empty for what is not a picture. */
  static Optional<MediaType> sniff(Path file) {
    try (var in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(32), StandardCharsets.ISO_8859_1);
      return type(head).map(MediaType::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> type(String head) {
    if (head.startsWith("CR", 8) && head.startsWith("II*\0")) {
      return Optional.of("image/x-canon-cr2");
    } else if (head.startsWith("\u00FF\u00D8\u00FF")) {
      return Optional.of("image/jpeg");
    } else if (head.startsWith("\u0089PNG")) {
      return Optional.of("image/png");
    } else if (head.startsWith("GIF8")) {
      return Optional.of("image/gif");
    } else if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
      return Optional.of("image/webp");
    } else if (head.startsWith("BM")) {
      return Optional.of("image/bmp");
    } else if (head.startsWith("II*\0") || head.startsWith("MM\0*") || head.startsWith("II+\0")) {
      return Optional.of("image/tiff");
    } else if (head.startsWith("8BPS")) {
      return Optional.of("image/vnd.adobe.photoshop");
    } else if (head.startsWith("\0\0\1\0")) {
      return Optional.of("image/x-icon");
    } else if (head.startsWith("ftypavi", 4)) {
      return Optional.of("image/avif");
    } else if (head.startsWith("ftyphei", 4) || head.startsWith("ftypmif1", 4)) {
      return Optional.of("image/heic");
    } else if (head.startsWith("jP  ", 4)) {
      return Optional.of("image/jp2");
    }
    return Optional.empty();
  }

  /** What it is, and what its name says it is. */
  static List<MediaType> types(Path file) {
    List<MediaType> types = new ArrayList<>(Corpus.sniff(file).stream().toList());
    String name = file.getFileName().toString().toLowerCase(java.util.Locale.ROOT);
    NAMES.forEach(
        (ending, type) -> {
          if (name.contains(ending) && !types.contains(type)) {
            types.add(type);
          }
        });
    return types;
  }
}

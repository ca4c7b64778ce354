package dev.hfsm.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/transformations.md says of the grammar is what the grammar is. */
class TransformationsPageTest {

  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern SAID = Pattern.compile("(.*?);\\s*//\\s*(.*)");
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");

  @TempDir Path folder;

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "docs", "transformations.md"));
  }

  /** Each row of the table of keys: its first three cells. */
  private static List<String[]> rows() throws IOException {
    return page()
        .lines()
        .dropWhile(line -> !line.startsWith("| key "))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.substring(1).split("(?<!\\\\)\\|"))
        .toList();
  }

  private static List<String> codes(String cell) {
    return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
  }

  @Test
  void itsTableHasEveryKeyInTheOrderOfTheCanonicalText() throws IOException {
    List<String> keys = rows().stream().flatMap(row -> codes(row[0]).stream()).toList();
    assertThat(keys).isEqualTo(Arrays.stream(Param.values()).map(Param::key).toList());
  }

  @Test
  void whatItCallsADefaultIsLeftOutOfTheCanonicalText() throws IOException {
    int defaults = 0;
    for (String[] row : rows()) {
      Optional<String> usual = codes(row[2]).stream().findFirst();
      String key = codes(row[0]).get(0);
      if (usual.isPresent() && !usual.get().equals("0") && !key.startsWith("watermark-")) {
        assertThat(Transformation.parse(key + "=" + usual.get()).canonical()).as(key).isEmpty();
        defaults++;
      }
    }
    assertThat(defaults).isGreaterThan(8);
  }

  @Test
  void itsTableNamesEveryWordThatAKeyAccepts() throws IOException {
    for (String[] row : rows()) {
      for (String key : codes(row[0])) {
        for (String word : codes(row[1])) {
          boolean literal = word.matches("[a-z]+") && !word.startsWith("rrggbb");
          if (literal && !word.equals("n") && !key.startsWith("watermark-")) {
            assertThat(Param.ofKey(key).parse(word)).as(key + "=" + word).isNotNull();
          }
        }
      }
    }
  }

  @Test
  void itsFirstExampleCompilesAndAnswersWhatItSays() throws Exception {
    Matcher block = JAVA_BLOCK.matcher(page());
    assertThat(block.find()).as("a java block").isTrue();
    List<String> expected = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    for (String line : block.group(1).split("\\R")) {
      Matcher said = SAID.matcher(line);
      if (said.matches()) {
        expected.add(said.group(2));
        body.append("found.add(String.valueOf(" + said.group(1) + "));\n");
      } else {
        body.append(line + "\n");
      }
    }
    assertThat(expected).hasSize(2);
    assertThat(run(body.toString())).isEqualTo(expected);
  }

  private Object run(String body) throws Exception {
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        "import dev.hfsm.transform.*;\npublic class Example {\n"
            + "public static java.util.List<String> run() {\n"
            + "java.util.List<String> found = new java.util.ArrayList<>();\n"
            + body
            + "return found;\n}\n}\n");
    StringWriter complaints = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    boolean compiled =
        compiler
            .getTask(
                complaints,
                null,
                null,
                List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
            .call();
    assertThat(compiled).as(complaints.toString()).isTrue();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      return loader.loadClass("Example").getMethod("run").invoke(null);
    }
  }
}

package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What docs/deploy.md shows is Java that compiles, and YAML and JSON that can be read. */
class DeployDocTest {

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\\R(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("..", "docs", "deploy.md")));
    assertThat(block.find()).as("a block of %s in docs/deploy.md", language).isTrue();
    return block.group(1);
  }

  /** Compiles the node into a folder; {@link DeploymentTest} runs it. */
  static Path compiled(Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve("Node.java"), block("java"));
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
    return folder;
  }

  @Test
  void theComposeFileIsYamlAndRefersToNothingThatIsNotInIt() throws IOException {
    Map<String, Map<String, Object>> file = new Yaml().load(block("yaml"));
    Map<String, Object> services = file.get("services");
    assertThat(services).containsKeys("postgres", "redis", "node-a", "node-b");
    services.forEach(
        (name, service) -> {
          Map<?, ?> settings = (Map<?, ?>) service;
          if (!name.equals("bucket")) {
            assertThat((Map<?, ?>) settings.get("healthcheck")).as(name).isNotNull();
          }
          if (settings.get("depends_on") instanceof Map<?, ?> others) {
            others.keySet().forEach(other -> assertThat(services).containsKey((String) other));
          }
          if (settings.get("volumes") instanceof List<?> volumes) {
            volumes.forEach(
                volume ->
                    assertThat(file.get("volumes"))
                        .containsKey(((String) volume).replaceFirst(":.*", "")));
          }
        });
  }

  @Test
  void thePolicyIsJsonAndAllowsNothingWithAStar() throws IOException {
    List<String> actions = new ArrayList<>();
    try (JsonParser policy = new JsonFactory().createParser(block("json"))) {
      while (policy.nextToken() != null) {
        if (policy.getText().startsWith("s3:")) {
          actions.add(policy.getText());
        }
      }
    }
    assertThat(actions)
        .containsExactly(
            "s3:ListBucket",
            "s3:GetObject",
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:AbortMultipartUpload");
  }
}

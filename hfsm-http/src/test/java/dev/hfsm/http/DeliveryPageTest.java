package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/delivery.md is compiled as it stands there, and run. */
class DeliveryPageTest {

  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void theExampleCompilesAndPrintsUrls() throws Exception {
    Matcher block = JAVA_BLOCK.matcher(Files.readString(Path.of("..", "docs", "delivery.md")));
    assertThat(block.find()).isTrue();
    Path source = Files.writeString(folder.resolve("Serve.java"), block.group(1));
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

    Path secret = Files.write(folder.resolve("secret"), new byte[32]);
    File photo = folder.resolve("photo.jpg").toFile();
    ImageIO.write(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB), "jpg", photo);
    String[] arguments = {
      secret.toString(), folder.resolve("data").toString(), photo.toString(), "stop"
    };
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader.loadClass("Serve").getMethod("main", String[].class).invoke(null, (Object) arguments);
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .containsPattern("/assets/v/thumb-[0-9a-f]{8}/[0-9a-f]{64}\\.auto")
        .containsPattern("/v/hero\\.320-\\S+ 320w, ")
        .contains("/w=200,h=300,fit=cover@")
        .contains(" 400w, ")
        .contains(" 1600w");
  }
}

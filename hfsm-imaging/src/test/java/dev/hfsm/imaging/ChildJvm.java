package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own with the class path of the tests. */
final class ChildJvm {

  private ChildJvm() {}

  /** The lines it printed, errors among them; it has to end well. */
  static List<String> run(List<String> options, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    return run(options, main.getName(), arguments);
  }

  /** The same for a class that need not be there when this one is compiled. */
  static List<String> run(List<String> options, String main, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines;
    try (var out = process.inputReader()) {
      lines = out.lines().toList();
    }
    assertThat(process.waitFor()).as(() -> String.join("\n", lines)).isZero();
    return lines;
  }
}

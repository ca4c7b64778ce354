package dev.hfsm.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which test runs which part of the proof, read from the tests' sources.
 *
 * @param byPart simple names of the tests
 */
record ProofTests(Map<String, String> byPart) {

  private static final Pattern BEGINNING =
      Pattern.compile("(?:Proof\\.of|new ProofLine)\\(([^;]*)\\);");
  private static final Pattern PART = Pattern.compile("\"([a-z][0-9]?)\"");

  ProofTests {
    byPart = new TreeMap<>(byPart);
  }

  /** All tests of a project, whose modules are its folders. */
  static ProofTests of(Path project) throws IOException {
    Map<String, String> byPart = new TreeMap<>();
    try (Stream<Path> modules = Files.list(project)) {
      for (Path tests : modules.map(m -> m.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(tests)) {
          read(tests, byPart);
        }
      }
    }
    return new ProofTests(byPart);
  }

  private static void read(Path folder, Map<String, String> byPart) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        Matcher beginning = BEGINNING.matcher(Files.readString(file));
        while (beginning.find()) {
          Matcher part = PART.matcher(beginning.group(1));
          while (part.find()) {
            byPart.put(part.group(1), name);
          }
        }
      }
    }
  }

  /** A paragraph that says it, and what of it was not measured yet. */
  String told(Set<String> measured) {
    Set<String> missing = new TreeSet<>(byPart.keySet());
    missing.removeAll(measured);
    return byPart.entrySet().stream()
            .map(test -> test.getKey() + " `" + test.getValue() + "`")
            .collect(Collectors.joining(", ", "Parts and their tests: ", "."))
        + (missing.isEmpty() ? "" : " Not run at length yet: " + String.join(", ", missing) + ".");
  }
}

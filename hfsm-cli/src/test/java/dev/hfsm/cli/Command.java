package dev.hfsm.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Runs {@code hfsm} as a user would, in this process or as one of its own. */
record Command(int exitCode, String out, String err) {

  private static final int FIRST_TO_WARN_OF_NATIVE_ACCESS = 22;

  /** Runs in this process. */
  static Command run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Hfsm.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int exitCode = line.execute(strings(args));
    return new Command(exitCode, out.toString(), err.toString());
  }

  /**
   * A process of its own, with JVM options, not started yet; its errors go to its output. Most live
   * too briefly to be worth the better of the JVM's two compilers.
   */
  static ProcessBuilder process(List<String> jvmOptions, Object... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(jvmOptions);
    if (Runtime.version().feature() >= FIRST_TO_WARN_OF_NATIVE_ACCESS) {
      command.add("--enable-native-access=ALL-UNNAMED"); // as the manifest of the jar says
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Hfsm.class.getName()));
    command.addAll(List.of(strings(args)));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /** Waits for a process and takes what it said as the output. */
  static Command finish(Process process, int seconds) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the command did not end within " + seconds + " s: " + out);
    }
    return new Command(process.exitValue(), out, "");
  }

  private static String[] strings(Object[] args) {
    String[] strings = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      strings[i] = args[i].toString();
    }
    return strings;
  }

  /** The output as one JSON document. */
  Document json() {
    try (JsonParser parser = new JsonFactory().createParser(out)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new AssertionError("more than one JSON document: " + out);
      }
      return new Document(value);
    } catch (IOException e) {
      throw new UncheckedIOException(out, e);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        object.put(name, value(parser));
      }
      return object;
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<@Nullable Object> array = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(value(parser));
      }
      return array;
    }
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
  }

  /** A JSON value; scalars are kept as text. */
  record Document(@Nullable Object value) {

    Document get(String name) {
      if (!(value instanceof Map<?, ?> map) || !map.containsKey(name)) {
        throw new AssertionError("no member " + name + " in " + value);
      }
      return new Document(map.get(name));
    }

    Document at(int index) {
      return new Document(((List<?>) value).get(index));
    }

    int size() {
      return ((List<?>) value).size();
    }

    long number() {
      return Long.parseLong(text());
    }

    String text() {
      return String.valueOf(value);
    }
  }
}

package dev.hfsm.reliability.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that runs a {@code main} of these tests. It says what it did in lines; what it
 * said before it was killed is heard. A child ends with its parent, whose end it sees in its
 * standard input. Whoever hears that something failed in it fails at once: what he waits for may
 * never come.
 */
final class Child implements AutoCloseable {

  private static final String END = "\0";
  private static final Duration ENDING = Duration.ofSeconds(10);

  private final Process process;
  private final Writer stdin;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final Thread reader;

  private Child(Process process) {
    this.process = process;
    this.stdin = process.outputWriter(StandardCharsets.UTF_8);
    this.reader = new Thread(this::read, "child-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts {@code main}; what it writes to standard error is appended to ours. */
  static Child start(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED"); // SQLite's driver has native code
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    try {
      return new Child(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      // A line that was cut off by a kill has no end, and was not said.
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c == '\n') {
          heard.add(line.toString());
          line.setLength(0);
        } else {
          line.append((char) c);
        }
      }
    } catch (IOException e) {
      heard.add("could not be heard: " + e);
    } finally {
      heard.add(END);
    }
  }

  /** The next line; fails if there is none within {@code atMost}. */
  String next(Duration atMost) {
    return nextIfAny(atMost)
        .orElseThrow(() -> new AssertionError("the child said nothing in " + atMost));
  }

  /** The next line, if there is one within {@code atMost}; fails if there will be none. */
  Optional<String> nextIfAny(Duration atMost) {
    try {
      String line = heard.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (END.equals(line)) {
        heard.add(END);
        throw new AssertionError("the child has ended with " + exit(ENDING));
      }
      return Optional.ofNullable(line).map(Child::good);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String good(String line) {
    if (line.startsWith(Parent.FAILED)) {
      throw new AssertionError("a child: " + line);
    }
    return line;
  }

  /** Passes lines over until one begins with {@code beginning}; gives the rest of it. */
  String await(String beginning, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      String line = next(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      if (line.startsWith(beginning)) {
        return line.substring(beginning.length());
      }
    }
  }

  /** Waits until the child has ended, and gives all it said that was not heard before. */
  List<String> rest() {
    try {
      reader.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    List<String> lines = new ArrayList<>();
    heard.drainTo(lines);
    lines.remove(END);
    lines.forEach(Child::good);
    return lines;
  }

  /** All it said so far that was not heard before. */
  List<String> saidSoFar() {
    List<String> lines = new ArrayList<>();
    heard.drainTo(lines);
    if (lines.remove(END)) {
      heard.add(END);
    }
    lines.forEach(Child::good);
    return lines;
  }

  /** Whether there is a line that was not heard before, or will be none. */
  boolean hasMoreToTell() {
    return !heard.isEmpty();
  }

  void say(String line) {
    try {
      stdin.write(line + "\n");
      stdin.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until the process has ended. */
  int exit(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the child did not end within " + atMost);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** kill -9; returns when the process is gone. */
  void kill() {
    process.destroyForcibly();
    exit(Factory.PATIENCE);
  }

  /** kill -STOP: not a thread of it runs from here on. */
  void stop() {
    signal("-STOP");
  }

  /** kill -CONT. */
  void goOn() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      Process kill =
          new ProcessBuilder("kill", signal, Long.toString(process.pid())).inheritIO().start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill " + signal + " " + process.pid() + " failed");
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}

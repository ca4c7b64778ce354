package dev.hfsm.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * sharp in a Node.js of its own, asked for one task at a time: see {@code benchmarks/peers/sharp}.
 */
final class SharpPeer implements AutoCloseable {

  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;
  private final String version;

  /** What a task took there. */
  record Answer(long nanos, List<Integer> bytes, long cpuMicros) {}

  private SharpPeer(Process process) throws IOException {
    this.process = process;
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.version = line();
  }

  /**
   * @param folder holds {@code peer.mjs}, and sharp after {@code npm install}
   */
  static SharpPeer start(Path folder) throws IOException {
    return new SharpPeer(
        new ProcessBuilder("node", "peer.mjs")
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  String version() {
    return version;
  }

  /**
   * @param into a folder for the results, named {@code sharp-<width>.<format>}, if they are wanted
   */
  Answer make(Path file, String format, int quality, List<Integer> widths, @Nullable Path into)
      throws IOException {
    String joined = widths.stream().map(String::valueOf).collect(Collectors.joining(","));
    questions.write(
        String.join(
            "\t",
            file.toAbsolutePath().toString(),
            format,
            String.valueOf(quality),
            joined,
            into == null ? "" : into.toAbsolutePath().toString()));
    questions.newLine();
    questions.flush();
    String[] answer = line().split("\t");
    return new Answer(
        Long.parseLong(answer[0]),
        Arrays.stream(answer[1].split(",")).map(Integer::valueOf).toList(),
        Long.parseLong(answer[2]));
  }

  private String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("expected an answer from sharp, found that it has ended");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    questions.close();
    process.destroy();
  }
}

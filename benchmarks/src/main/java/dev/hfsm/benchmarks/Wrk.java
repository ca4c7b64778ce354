package dev.hfsm.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** wrk of this machine, asking for one URL over and over. */
final class Wrk {

  private final Path script;
  private final int connections;

  /**
   * @param script {@code measure.lua} of {@code benchmarks/peers/nginx}
   */
  Wrk(Path script, int connections) {
    this.script = script;
    this.connections = connections;
  }

  /**
   * What came of it.
   *
   * @param perSecond answers
   * @param median latency, microseconds
   * @param p99 latency, microseconds
   * @param requests all of them
   */
  record Result(double perSecond, double median, double p99, long requests) {}

  /**
   * Asks for some time.
   *
   * @param pause milliseconds that each connection waits before a request; 0 to ask at once
   * @throws IOException if an answer was not 200, or none
   */
  Result ask(String url, int seconds, int pause) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "wrk",
            "-t",
            "1",
            "-c",
            Integer.toString(connections),
            "-d",
            seconds + "s",
            "-s",
            script.toString(),
            url);
    builder.environment().put("PAUSE", Integer.toString(pause));
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String[] words =
        printed
            .lines()
            .filter(line -> line.startsWith("result "))
            .findFirst()
            .orElseThrow(() -> new IOException("expected a result of wrk, found " + printed))
            .split(" ");
    if (!words[6].equals("0")) {
      throw new IOException("expected answers of 200 only, found " + printed);
    }
    long requests = Long.parseLong(words[1]);
    return new Result(
        requests / (Long.parseLong(words[2]) / 1e6),
        Long.parseLong(words[3]),
        Long.parseLong(words[4]),
        requests);
  }
}

package dev.hfsm.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A redis-server of this machine that writes what it is told to an append-only file. */
final class DurableRedis implements AutoCloseable {

  private static final Pattern CALLS = Pattern.compile("cmdstat_evalsha:calls=([0-9]+)");

  private final int port;
  private final Path folder;
  private final Process process;

  private DurableRedis(int port, Path folder, Process process) {
    this.port = port;
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param program path or name of redis-server
   * @param fsync "everysec" or "always"
   */
  static DurableRedis start(String program, String fsync) throws IOException {
    Path folder = Files.createTempDirectory("hfsm-redis-");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                List.of(
                    program,
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    folder.toString(),
                    "--save",
                    "",
                    "--appendonly",
                    "yes",
                    "--appendfsync",
                    fsync))
            .redirectOutput(folder.resolve("log").toFile())
            .redirectErrorStream(true)
            .start();
    DurableRedis redis = new DurableRedis(port, folder, process);
    redis.awaitOpen();
    return redis;
  }

  private void awaitOpen() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(Files.readString(folder.resolve("log")), e);
        }
        Thread.onSpinWait();
      }
    }
  }

  /** How many scripts were run since the start. */
  long scripts() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("INFO commandstats\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      Matcher calls = CALLS.matcher(said);
      return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }
  }

  /** How long its processor was busy for it. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  int port() {
    return port;
  }

  String uri() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

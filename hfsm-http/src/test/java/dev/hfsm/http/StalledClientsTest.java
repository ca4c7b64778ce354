package dev.hfsm.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.http.TestServer.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that ask and then read nothing are let go after the bound that docs/delivery.md names for
 * each server. They are more than the server has threads, and their server is a process of its own:
 * the JDK's takes its bound from a system property, once.
 */
@Timeout(600)
class StalledClientsTest {

  private static final Limits LIMITS = new Limits(4, Duration.ofSeconds(2));
  private static final int STALLED = 10;

  /** More than the header. */
  private static final int BEGINNING = 4096;

  /** The process: says where its files are and what to ask for, and ends with its input. */
  static final class Node {
    private Node() {}

    public static void main(String[] args) throws Exception {
      TestServer kind = TestServer.valueOf(args[0]);
      ServedFiles.Start limited = (assets, delivery) -> kind.start(assets, delivery, LIMITS);
      try (ServedFiles files = new ServedFiles(limited, store -> store)) {
        System.out.println(files.folder);
        System.out.println(files.port);
        System.out.println(files.large());
        System.out.println(files.letters());
        while (System.in.read() >= 0) {
          // until whoever started it is done, or has died
        }
      }
      System.exit(0);
    }
  }

  @ParameterizedTest
  @EnumSource(TestServer.class)
  @Execution(ExecutionMode.CONCURRENT)
  @EnabledOnOs(OS.LINUX)
  void theyAreLetGoAndTheirThreadsAndFilesAreGivenBack(TestServer kind) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dsun.net.httpserver.maxRspTime=" + LIMITS.patience().toSeconds(),
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                kind.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader()) {
      Path folder = Path.of(out.readLine());
      int port = Integer.parseInt(out.readLine());
      String large = out.readLine();
      String letters = out.readLine();

      List<RawClient> stalled = new ArrayList<>();
      for (int i = 0; i < STALLED; i++) {
        stalled.add(stalled(port, large));
      }
      while (OpenFiles.below(folder, process.toHandle()) > 0) {
        LockSupport.parkNanos(20_000_000); // the time-out of the class is the bound
      }
      for (RawClient client : stalled) {
        try (client) {
          assertThat(client.count()).isLessThan(ServedFiles.LARGE);
        }
      }
      assertThat(text(port, letters)).isEqualTo(ServedFiles.LETTERS);
      process.getOutputStream().close();
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /** One that has the beginning of the body, for which the file is open, and reads no more. */
  private static RawClient stalled(int port, String path) throws IOException {
    while (true) {
      RawClient client = new RawClient(port, 8192);
      try {
        client.say(RawClient.request("GET", path));
        if (client.read(BEGINNING) == BEGINNING) {
          return client;
        }
      } catch (IOException letGo) {
        // This machine was slower than the bound: once more.
      }
      client.close();
    }
  }

  private static String text(int port, String path) throws IOException {
    while (true) {
      try (RawClient client = new RawClient(port)) {
        return client.ask("GET", path).text();
      } catch (IOException letGo) {
        // Slower than the bound, too.
      }
    }
  }
}

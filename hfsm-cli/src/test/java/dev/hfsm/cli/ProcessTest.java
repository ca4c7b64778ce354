package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process: interrupted, short of disk, two at once, short of memory. */
class ProcessTest {

  private static final int SIGINT = 2;

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  private static void noise(Path file, int size, int seed) throws IOException {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    Files.write(file, bytes);
  }

  /**
   * Standard input, which never ends, is ingested last: so the process cannot come to its end by
   * itself, however late it is interrupted.
   */
  @Test
  void whatWasAcknowledgedBeforeCtrlCIsKept() throws Exception {
    assumeThat(isIgnored(SIGINT)).as("needs to be run where Ctrl-C is not ignored").isFalse();
    Path photos = Files.createDirectories(folder.resolve("photos"));
    for (int i = 0; i < 400; i++) {
      noise(photos.resolve("%04d.bin".formatted(i)), 200_000, i);
    }
    Process process =
        Command.process(List.of(), "--data", data(), "ingest", photos, "-")
            .redirectErrorStream(true)
            .start();
    List<String> lines = new ArrayList<>();
    int acknowledged = 0;
    try (BufferedReader said = process.inputReader()) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        lines.add(line);
        if (line.startsWith("created")) {
          acknowledged++;
          if (acknowledged == 5) {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
          }
        }
      }
    }
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(() -> String.join("\n", lines)).isEqualTo(130);
    assertThat(acknowledged).isBetween(5, 400);
    Command again = Command.run("--data", data(), "ingest", "--json", photos);
    assertThat(again.exitCode()).isZero();
    assertThat(again.json().get("duplicates").number()).isGreaterThanOrEqualTo(acknowledged);
    assertThat(again.json().get("created").number() + again.json().get("duplicates").number())
        .isEqualTo(400);
  }

  /** As whatever a shell without job control runs in the background inherits it. */
  private static boolean isIgnored(int signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElse("0");
    return (Long.parseUnsignedLong(ignored, 16) >>> (signal - 1) & 1) == 1;
  }

  @Test
  void twoProcessesIngestIntoOneFolder() throws Exception {
    Path photos = Files.createDirectories(folder.resolve("photos"));
    for (int i = 0; i < 30; i++) {
      Pictures.jpeg(photos.resolve(i + ".jpg"), 60, 40, i);
    }
    Process one = Command.process(List.of(), "--data", data(), "--json", "ingest", photos).start();
    Process two = Command.process(List.of(), "--data", data(), "--json", "ingest", photos).start();
    Command first = Command.finish(one, 90);
    Command second = Command.finish(two, 90);
    assertThat(first.exitCode()).as(first.out()).isZero();
    assertThat(second.exitCode()).as(second.out()).isZero();
    assertThat(first.json().get("created").number() + second.json().get("created").number())
        .isEqualTo(30);
    assertThat(Command.run("--data", data(), "stats", "--json").json().get("duplicates").number())
        .isEqualTo(30);
  }

  @Test
  void aFullDiskIsSaidAndTheRestIsDone() throws Exception {
    assumeThat(Files.isExecutable(Path.of("/bin/bash"))).as("needs bash for ulimit").isTrue();
    Path photos = Files.createDirectories(folder.resolve("photos"));
    noise(photos.resolve("a-small.bin"), 50_000, 1);
    noise(photos.resolve("b-large.bin"), 12_000_000, 2);
    noise(photos.resolve("c-small.bin"), 50_000, 3);
    // No file may grow beyond 4 MiB: for whoever writes it, that is a disk that is full.
    ProcessBuilder java =
        Command.process(List.of("-XX:-UsePerfData"), "--data", data(), "--json", "ingest", photos);
    List<String> limited =
        new ArrayList<>(List.of("/bin/bash", "-c", "ulimit -f 4096; exec \"$@\"", "bash"));
    limited.addAll(java.command());
    Command command = Command.finish(new ProcessBuilder(limited).start(), 90);
    assertThat(command.exitCode()).as(command.out()).isEqualTo(1);
    assertThat(command.json().get("created").number()).isEqualTo(2);
    assertThat(command.json().get("failed").number()).isEqualTo(1);
    assertThat(command.json().get("assets").at(1).get("reason").text()).contains("spool");
    try (var left = Files.list(data().resolve("spool"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aPipeThatNobodyWritesToDoesNotHang() throws Exception {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/mkfifo"))).as("needs mkfifo").isTrue();
    Path pipe = folder.resolve("pipe");
    new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor();
    Command command = Command.run("--data", data(), "ingest", "--json", pipe);
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.json().get("assets").at(0).get("reason").text()).contains("expected a file");
  }

  @Test
  void standardInputIsIngested() throws Exception {
    Process process = Command.process(List.of(), "--data", data(), "--json", "ingest", "-").start();
    process.getOutputStream().write("from a pipe".getBytes());
    Command command = Command.finish(process, 60);
    assertThat(command.json().get("created").number()).isEqualTo(1);
  }
}

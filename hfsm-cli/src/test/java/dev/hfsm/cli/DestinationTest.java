package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where content is written to, and what else stands there. */
class DestinationTest {

  @TempDir Path folder;
  private Path data;
  private Path photo;
  private String id;

  @BeforeEach
  void onePhoto() throws IOException {
    data = folder.resolve("data");
    photo = Pictures.jpeg(folder.resolve("photo.jpg"), 60, 40, 1);
    assertThat(Command.run("--data", data, "ingest", photo).exitCode()).isZero();
    id = Digest.ofContent(Files.readAllBytes(photo)).hex();
  }

  @Test
  void aPipeIsWrittenToAndNotReplaced() throws Exception {
    Path pipe = folder.resolve("pipe");
    Assumptions.assumeTrue(canMakePipe(pipe), "no mkfifo here");
    Process cat = new ProcessBuilder("cat", pipe.toString()).start();
    try {
      CompletableFuture<byte[]> read =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return cat.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(Command.run("--data", data, "get", id, "-o", pipe).exitCode()).isZero();
      assertThat(Files.isRegularFile(pipe)).isFalse();
      assertThat(read.get(120, TimeUnit.SECONDS)).isEqualTo(Files.readAllBytes(photo));
    } finally {
      cat.destroy();
    }
  }

  private static boolean canMakePipe(Path pipe) throws InterruptedException {
    try {
      return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  @Test
  void aWrittenFileHasTheRightsOfAnyNewFile() throws IOException {
    Path out = folder.resolve("out.jpg");
    Path ordinary = Files.createFile(folder.resolve("ordinary"));
    Assumptions.assumeTrue(
        Files.getFileStore(folder).supportsFileAttributeView("posix"), "no POSIX rights here");
    assertThat(Command.run("--data", data, "get", id, "-o", out).exitCode()).isZero();
    assertThat(Files.getPosixFilePermissions(out))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
  }

  @Test
  void standardOutputHoldsTheContentAndNothingElse() throws Exception {
    Path out = folder.resolve("out.jpg");
    Command.run("--data", data, "variant", id, "w=20", "-o", out);
    Process process =
        Command.process(List.of(), "--data", data, "variant", id, "w=20", "-o", "-")
            .redirectErrorStream(false)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    byte[] said = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEqualTo(Files.readAllBytes(out));
  }

  @Test
  void contentAndDocumentDoNotShareStandardOutput() {
    Command command = Command.run("--data", data, "--json", "get", id, "-o", "-");
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains("standard output");
    assertThat(command.out()).isEmpty();
  }
}

package dev.hfsm.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hfsm.error.BlobStoreException;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real write that the operating system refuses half way: a JVM of its own runs under a limit on
 * the size of files, which fails a write as a full disk does.
 */
class SpoolOnAFullDiskTest {
  private static final int LIMIT_KIB = 2048;

  @TempDir Path temp;

  /** Spools more than the limit and prints how it ended. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      byte[] content = new byte[2 * LIMIT_KIB * 1024];
      Spool spool = new Spool(Path.of(args[0]), content.length);
      try {
        spool.receive(() -> new ByteArrayInputStream(content)).close();
        System.out.println("no limit was in force");
      } catch (BlobStoreException e) {
        System.out.println("refused, retryable " + e.retryable() + ": " + e.getMessage());
      }
    }
  }

  @Test
  void failsAsTheStoreDoesAndLeavesNothing() throws IOException, InterruptedException {
    boolean posix = File.separatorChar == '/' && Files.isExecutable(Path.of("/bin/sh"));
    if (!posix) {
      System.out.println("SKIPPED: no POSIX shell, so writes cannot be made to fail");
    }
    assumeTrue(posix);
    Path folder = temp.resolve("spool");
    Process child =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                // POSIX counts this limit in blocks of 512 bytes; a larger unit only widens it.
                "ulimit -f " + LIMIT_KIB + " && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
    assertThat(said).contains("refused, retryable true: cannot write the upload to the spool");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }
}

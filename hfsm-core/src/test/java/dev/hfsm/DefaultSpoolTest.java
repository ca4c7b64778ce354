package dev.hfsm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pipeline that was given no spool leaves nothing in the temporary directory. Others use that of
 * this machine at the same time, so it is tried by a process with one of its own.
 */
class DefaultSpoolTest {

  private static final int LARGE_ENOUGH_FOR_A_FILE = 3_000_000;

  @TempDir Path temporary;

  /** The process: says how many spools there are after an upload. */
  static final class Host {
    private Host() {}

    public static void main(String[] args) throws IOException {
      try (InMemoryLedger ledger = new InMemoryLedger(InstantSource.system());
          AssetPipeline assets =
              AssetPipeline.builder().ledger(ledger).blobs(new InMemoryBlobStore()).build()) {
        assets.ingest(Upload.of(new byte[LARGE_ENOUGH_FOR_A_FILE]));
        System.out.print(spools(Path.of(System.getProperty("java.io.tmpdir"))));
      }
      System.out.flush();
      Runtime.getRuntime().halt(0); // whatever was left to the end of the JVM is left
    }
  }

  @Test
  void theDefaultSpoolIsUsedAndGoneAfterClose() throws Exception {
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Host.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said =
        new String(host.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    assertThat(host.waitFor()).isZero();
    assertThat(said).as("spools while it is open").isEqualTo("1");
    assertThat(spools(temporary)).isZero();
  }

  private static long spools(Path directory) throws IOException {
    try (var all = Files.list(directory)) {
      return all.filter(p -> p.getFileName().toString().startsWith("hfsm-spool-")).count();
    }
  }
}

package dev.hfsm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A pipeline that was given no spool leaves nothing in the temporary directory. */
class DefaultSpoolTest {

  private static final int LARGE_ENOUGH_FOR_A_FILE = 3_000_000;

  @Test
  void theDefaultSpoolIsUsedAndGoneAfterClose() throws IOException {
    Set<Path> before = spools();
    try (InMemoryLedger ledger = new InMemoryLedger(InstantSource.system());
        AssetPipeline assets =
            AssetPipeline.builder().ledger(ledger).blobs(new InMemoryBlobStore()).build()) {
      assets.ingest(Upload.of(new byte[LARGE_ENOUGH_FOR_A_FILE]));
      assertThat(spools()).hasSize(before.size() + 1);
    }
    assertThat(spools()).isEqualTo(before);
  }

  private static Set<Path> spools() throws IOException {
    try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(p -> p.getFileName().toString().startsWith("hfsm-spool-"))
          .collect(Collectors.toSet());
    }
  }
}

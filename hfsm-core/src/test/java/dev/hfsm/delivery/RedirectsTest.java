package dev.hfsm.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Original;
import dev.hfsm.Upload;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedirectsTest {

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void whatWasSeenIsLookedForAgainAfterFiveSeconds(@TempDir Path spool) {
    InMemoryBlobStore blobs = new InMemoryBlobStore();
    try (AssetPipeline assets =
        AssetPipeline.builder()
            .ledger(new InMemoryLedger(InstantSource.system()))
            .blobs(new AddressedStore(blobs))
            .spool(spool)
            .build()) {
      Redirects redirects = new Redirects(1, nanos::get);
      Original original = assets.open(assets.ingest(Upload.of(new byte[] {1, 2, 3})).id());
      Redirects.Redirect to = redirects.of(original, Duration.ofDays(1)).orElseThrow();
      blobs.delete(AddressedStore.key(to.to().toString()));
      nanos.addAndGet(Duration.ofMillis(4990).toNanos());
      assertThat(redirects.of(original, Duration.ofDays(1))).contains(to);
      nanos.addAndGet(Duration.ofMillis(20).toNanos());
      assertThatThrownBy(() -> redirects.of(original, Duration.ofDays(1)))
          .isInstanceOf(IntegrityException.class);
    }
  }
}

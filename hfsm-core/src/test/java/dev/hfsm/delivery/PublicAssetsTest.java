package dev.hfsm.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PublicAssetsTest {

  private static final AssetId ONE = AssetId.of(Digest.ofContent(new byte[] {1}));
  private final Set<AssetId> shown = new HashSet<>();
  private final List<AssetId> asked = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final PublicAssets assets =
      new PublicAssets(
          id -> {
            asked.add(id);
            return shown.contains(id);
          },
          nanos::get);

  @Test
  void eitherAnswerIsRememberedForFiveSeconds() {
    assertThat(assets.contains(ONE)).isFalse();
    shown.add(ONE);
    nanos.addAndGet(Duration.ofMillis(4999).toNanos());
    assertThat(assets.contains(ONE)).isFalse();
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(assets.contains(ONE)).isTrue();
    shown.clear();
    nanos.addAndGet(Duration.ofMillis(4999).toNanos());
    assertThat(assets.contains(ONE)).isTrue();
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(assets.contains(ONE)).isFalse();
    assertThat(asked).hasSize(3);
  }
}

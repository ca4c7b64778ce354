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
  private int lookUp;
  private final PublicAssets assets =
      new PublicAssets(
          id -> {
            asked.add(id);
            nanos.addAndGet(Duration.ofMillis(lookUp).toNanos());
            return shown.contains(id);
          },
          nanos::get,
          left -> nanos.addAndGet(Math.min(left, Duration.ofMillis(2).toNanos())));

  @Test
  void eitherAnswerIsRememberedForFiveSeconds() {
    assertThat(assets.contains(ONE)).isFalse();
    shown.add(ONE);
    nanos.addAndGet(Duration.ofMillis(4990).toNanos());
    assertThat(assets.contains(ONE)).isFalse();
    nanos.addAndGet(Duration.ofMillis(20).toNanos());
    assertThat(assets.contains(ONE)).isTrue();
    shown.clear();
    nanos.addAndGet(Duration.ofMillis(4990).toNanos());
    assertThat(assets.contains(ONE)).isTrue();
    nanos.addAndGet(Duration.ofMillis(20).toNanos());
    assertThat(assets.contains(ONE)).isFalse();
    assertThat(asked).hasSize(3);
  }

  @Test
  void aLookUpThatEndsInNoTakesAWholeNumberOfSpansHoweverLongItWas() {
    long[] taken = {0, 5, 1, 5, 4, 5, 5, 10, 9, 10, 12, 15};
    for (int i = 0; i < taken.length; i += 2) {
      lookUp = (int) taken[i];
      long begin = nanos.get();
      AssetId other = AssetId.of(Digest.ofContent(new byte[] {2, (byte) i}));
      assertThat(assets.contains(other)).isFalse();
      assertThat(Duration.ofNanos(nanos.get() - begin).toMillis())
          .as("a look-up of %d ms", lookUp)
          .isEqualTo(taken[i + 1]);
      long again = nanos.get();
      assertThat(assets.contains(other)).isFalse();
      assertThat(nanos.get()).as("what is remembered is not held").isEqualTo(again);
    }
  }

  @Test
  void whatIsPublicIsNotHeld() {
    shown.add(ONE);
    lookUp = 1;
    assertThat(assets.contains(ONE)).isTrue();
    assertThat(Duration.ofNanos(nanos.get())).isEqualTo(Duration.ofMillis(1));
  }
}

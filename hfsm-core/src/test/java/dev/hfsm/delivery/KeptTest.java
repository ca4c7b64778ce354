package dev.hfsm.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.delivery.Representation.Kept;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class KeptTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

  @Test
  void nothingIsKeptForLongerThanItsLinkLasts() {
    assertThat(Kept.FOREVER.until(NOW, NOW.plusSeconds(10)).directives())
        .isEqualTo("public, max-age=10, immutable");
    assertThat(Kept.BRIEFLY.until(NOW, NOW.plusSeconds(10)).directives())
        .isEqualTo("public, max-age=10");
    assertThat(Kept.BRIEFLY.until(NOW, NOW.plusSeconds(3600))).isEqualTo(Kept.BRIEFLY);
    assertThat(Kept.BRIEFLY.until(NOW, NOW.minusSeconds(1)).directives())
        .isEqualTo("public, max-age=0");
  }
}

package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How leases are kept. */
class ActiveLeasesTest {

  /** A one-second lease that is looked at once a second would be lost before it is renewed. */
  @ParameterizedTest
  @ValueSource(longs = {1_000, 2_000, 30_000, 86_400_000})
  void aLeaseIsLookedAtSeveralTimesBetweenItsHalfAndItsEnd(long millis) {
    long every = ActiveLeases.lookEvery(Duration.ofMillis(millis));
    assertThat(every).isPositive().isLessThanOrEqualTo(millis / 2 / 4);
  }
}

package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing here looks at a clock: a nanosecond is what the test says it is. */
class PaceTest {

  private static final Duration COST = Duration.ofNanos(100);

  /** {@link System#nanoTime} may begin anywhere, and pass beyond the greatest number. */
  @ParameterizedTest
  @ValueSource(longs = {0, -50, Long.MAX_VALUE - 150, Long.MIN_VALUE})
  void someGoAtOnceAndThenEachWaitsForItsTime(long start) {
    Pace pace = new Pace(COST.multipliedBy(2), start);
    for (int i = 0; i < 3; i++) {
      assertThat(pace.until(start)).isNotPositive();
      pace.called(start, COST);
    }
    assertThat(pace.until(start)).isEqualTo(100);
    assertThat(pace.until(start + 99)).isEqualTo(1);
    assertThat(pace.until(start + 100)).isZero();
    pace.called(start + 100, COST);
    assertThat(pace.until(start + 100)).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 150})
  void whoCallsNoMoreOftenThanCallsCostNeverWaits(long start) {
    Pace pace = new Pace(Duration.ZERO, start);
    for (long now = start; now - start < 10_000; now += 100) {
      assertThat(pace.until(now)).isNotPositive();
      pace.called(now, COST);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 150})
  void aCallThatCostsMoreKeepsTheNextWaitingLonger(long start) {
    Pace pace = new Pace(Duration.ZERO, start);
    pace.called(start, COST.multipliedBy(3));
    assertThat(pace.until(start + 100)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 150})
  void aPauseEarnsTheLeadAgainAndNoMore(long start) {
    Pace pace = new Pace(COST.multipliedBy(2), start);
    for (int i = 0; i < 3; i++) {
      pace.called(start, COST);
    }
    long later = start + 1_000_000;
    for (int i = 0; i < 3; i++) {
      assertThat(pace.until(later)).isNotPositive();
      pace.called(later, COST);
    }
    assertThat(pace.until(later)).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 150})
  void callsThatTakeLongerThanTheyCostAreNotHeldUpAfterwards(long start) {
    Pace pace = new Pace(COST.multipliedBy(2), start);
    for (long now = start; now - start < 10_000; now += 150) {
      assertThat(pace.until(now)).isNotPositive();
      pace.called(now, COST);
    }
  }
}

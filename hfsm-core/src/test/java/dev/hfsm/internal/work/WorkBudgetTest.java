package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.internal.MemoryPool;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Stage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a transformer tells of its stages. */
class WorkBudgetTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Meter meter = new Meter(CpuClock.ofTheJvm(), System::nanoTime, used -> {});
  private final WorkBudget budget =
      new WorkBudget(Limits.DEFAULT, new MemoryPool(1), SECOND, System.nanoTime(), meter);

  @Test
  void ofVariantsThatAreMadeTogetherEachHasAnEqualShare() {
    budget.took(Stage.DECODE, SECOND);
    budget.took(Stage.DECODE, SECOND);
    budget.took(Stage.ENCODE, SECOND);
    assertThat(budget.stages(4))
        .containsEntry(Stage.DECODE, Duration.ofMillis(500))
        .containsEntry(Stage.ENCODE, Duration.ofMillis(250));
  }

  @Test
  void whatIsNotToldIsNotKnown() {
    budget.took(Stage.ENCODE, SECOND);
    assertThat(budget.stages(1)).containsOnlyKeys(Stage.ENCODE);
  }

  @Test
  void whatWasToldOfAnAttemptThatFailedIsForgottenByTheNext() {
    try (Meter.Shift attempt = budget.work()) {
      budget.took(Stage.DECODE, SECOND);
    }
    try (Meter.Shift attempt = budget.work()) {
      assertThat(budget.stages(1)).isEmpty();
    }
  }

  @Test
  void timeDoesNotRunBackwards() {
    assertThatThrownBy(() -> budget.took(Stage.DECODE, SECOND.negated()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("time: expected nothing or more, found PT-1S");
  }
}

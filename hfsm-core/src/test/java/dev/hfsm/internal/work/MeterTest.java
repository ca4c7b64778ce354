package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is billed, by clocks that the test moves. */
@Timeout(300)
class MeterTest {

  private final List<Long> bills = new ArrayList<>();
  private long cpu = 1000;
  private long wall = 5000;
  private final Meter meter = new Meter(() -> cpu, () -> wall, used -> bills.add(used.toNanos()));

  @Test
  void whatTheThreadHasUsedIsBilledAtTheEndOfItsShiftHoweverLongThatWas() {
    try (Meter.Shift shift = meter.begin()) {
      cpu += 7;
      wall += 1_000_000;
      assertThat(bills).isEmpty();
    }
    assertThat(bills).containsExactly(7L);
  }

  @Test
  void aThreadThatHelpsItselfIsBilledOnce() {
    try (Meter.Shift shift = meter.begin()) {
      cpu += 7;
      try (Meter.Shift again = meter.begin()) {
        cpu += 2;
      }
      cpu += 1;
    }
    assertThat(bills).containsExactly(10L);
  }

  @Test
  void everyThreadIsBilledForItself() {
    try (Meter.Shift shift = meter.begin()) {
      cpu += 7;
      CompletableFuture.runAsync(
              () -> {
                try (Meter.Shift helping = meter.begin()) {
                  cpu += 2;
                }
              },
              task -> new Thread(task).start())
          .join();
      assertThat(bills).as("the helper's").containsExactly(2L);
    }
    assertThat(bills).hasSize(2);
  }

  @Test
  void workThatFailsIsBilled() {
    assertThatThrownBy(
            () -> {
              try (Meter.Shift shift = meter.begin()) {
                cpu += 7;
                throw new IllegalStateException("broken");
              }
            })
        .hasMessage("broken");
    assertThat(bills).containsExactly(7L);
  }

  @Test
  void whereNothingIsMeasuredTimeThatPassesIsBilledButForWaits() {
    cpu = CpuClock.UNKNOWN;
    try (Meter.Shift shift = meter.begin()) {
      wall += 100;
      meter.waited(60);
    }
    assertThat(bills).containsExactly(40L);
  }

  @Test
  void whereMeasuringIsTurnedOffMeanwhileTimeThatPassesIsBilled() {
    try (Meter.Shift shift = meter.begin()) {
      wall += 100;
      cpu = CpuClock.UNKNOWN;
    }
    assertThat(bills).containsExactly(100L);
  }

  @Test
  void whoWaitsOutsideOfAShiftIsNotBilled() {
    meter.waited(60);
    meter.add(Duration.ofNanos(3));
    assertThat(bills).containsExactly(3L);
  }

  @Test
  void theClockOfTheJvmMovesWithTheWorkOfItsThreadOrSaysThatItDoesNotKnow() {
    CpuClock clock = CpuClock.ofTheJvm();
    long begin = clock.nanos();
    while (begin != CpuClock.UNKNOWN && clock.nanos() == begin) {
      Thread.onSpinWait();
    }
    assertThat(clock.nanos()).isGreaterThanOrEqualTo(begin);
  }
}

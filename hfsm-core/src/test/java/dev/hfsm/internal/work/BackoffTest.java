package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
  /** Always the largest number that may be drawn. */
  private static final class Highest implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new AssertionError("only bounded numbers are drawn");
    }

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  }

  @Test
  void doublesItsCeilingFromTwoSecondsToAnHour() {
    Backoff backoff = new Backoff(new Highest());
    assertThat(backoff.after(1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(backoff.after(2)).isEqualTo(Duration.ofSeconds(4));
    assertThat(backoff.after(3)).isEqualTo(Duration.ofSeconds(8));
    assertThat(backoff.after(11)).isEqualTo(Duration.ofSeconds(2048));
    assertThat(backoff.after(12)).isEqualTo(Duration.ofHours(1));
    assertThat(backoff.after(1000)).isEqualTo(Duration.ofHours(1));
    assertThat(backoff.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void drawsFromTheWholeRange() {
    long seed = new Random().nextLong();
    System.out.println("BackoffTest seed " + seed);
    Backoff backoff = new Backoff(new Random(seed));
    long lowest = Long.MAX_VALUE;
    long highest = 0;
    for (int i = 0; i < 2000; i++) {
      long millis = backoff.after(3).toMillis();
      lowest = Math.min(lowest, millis);
      highest = Math.max(highest, millis);
    }
    assertThat(lowest).isBetween(0L, 400L);
    assertThat(highest).isBetween(7600L, 8000L);
  }
}

package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class QueueUrlTest {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long MOMENT_NANOS = 10_000_000;

  @Test
  void aQueueWhoseRemarkNobodyCanTakeIsClosed() {
    Set<Thread> before = Set.copyOf(clients());
    QueueUrl away = new QueueUrl("redis", null, "127.0.0.1:1", null);
    assertThatThrownBy(
            () ->
                away.open(
                    remark -> {
                      assertThat(clients()).as("threads of the queue").isNotEmpty();
                      throw new IllegalStateException("no terminal");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no terminal");

    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!before.containsAll(clients())) {
      assertThat(System.nanoTime()).as("still open: %s", clients()).isLessThan(deadline);
      LockSupport.parkNanos(MOMENT_NANOS);
    }
  }

  /** The threads of the client of Redis. */
  private static List<Thread> clients() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("lettuce"))
        .toList();
  }
}

package dev.hfsm.redis;

import dev.hfsm.queue.WorkQueue;
import dev.hfsm.tck.WorkQueueContract;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;

/** The contract over a line that is slow, and on which messages arrive in pieces. */
class SlowLineTest extends WorkQueueContract {

  private final SetForward time = new SetForward();
  private final FaultyLine line = new FaultyLine(RunningRedis.shared().port());

  @Override
  protected WorkQueue newQueue() {
    line.slow(Duration.ofMillis(1), 2_000);
    return time.queue(
        RedisWorkQueue.builder()
            .uri(line.uri())
            .prefix(RunningRedis.prefix())
            .timeout(Hints.PATIENCE)
            .redelivery(Duration.ofMinutes(10)));
  }

  @AfterEach
  void closeLine() {
    line.heal();
  }

  @Override
  protected Instant now() {
    return time.now();
  }

  @Override
  protected void elapse(Duration elapsed) {
    time.advance(elapsed);
  }
}

package dev.hfsm.redis;

import dev.hfsm.queue.WorkQueue;
import dev.hfsm.tck.WorkQueueContract;
import java.time.Duration;
import java.time.Instant;

class RedisWorkQueueTest extends WorkQueueContract {

  private final SetForward time = new SetForward();

  @Override
  protected WorkQueue newQueue() {
    return time.queue(
        RedisWorkQueue.builder()
            .uri(RunningRedis.shared().uri())
            .prefix(RunningRedis.prefix())
            .timeout(Hints.PATIENCE)
            // What is taken comes back after a while: a case that looks a day ahead must not see
            // it, and one that is held up for a while must not either.
            .redelivery(Duration.ofMinutes(10)));
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

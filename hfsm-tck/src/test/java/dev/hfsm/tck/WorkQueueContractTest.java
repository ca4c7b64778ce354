package dev.hfsm.tck;

import dev.hfsm.memory.InMemoryWorkQueue;
import dev.hfsm.queue.WorkQueue;
import dev.hfsm.tck.broken.BrokenWorkQueues;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkQueueContractTest {

  private final EveryCaseBites suite = new EveryCaseBites(WorkQueueCases.class);

  @Test
  void theInMemoryQueueKeepsTheContract() {
    suite.passes((NewQueue) InMemoryWorkQueue::new);
  }

  @Test
  void everyBrokenQueueIsCaughtAndEveryCaseCatchesOne() {
    Map<String, NewQueue> broken = new LinkedHashMap<>();
    BrokenWorkQueues.all().forEach((name, queue) -> broken.put(name, queue::apply));
    System.setProperty(Threads.PATIENCE_PROPERTY, "1000"); // most of the time is spent waiting
    try {
      suite.bites(broken);
    } finally {
      System.clearProperty(Threads.PATIENCE_PROPERTY);
    }
  }

  interface NewQueue {
    WorkQueue create(InstantSource clock);
  }

  @EveryCaseBites.ForEachAdapter
  static final class WorkQueueCases extends WorkQueueContract {

    private final NewQueue underTest = EveryCaseBites.underTest(NewQueue.class);
    private final TickingClock clock = new TickingClock();

    @Override
    protected WorkQueue newQueue() {
      return underTest.create(clock);
    }

    @Override
    protected Instant now() {
      return clock.instant();
    }

    @Override
    protected void elapse(Duration time) {
      clock.advance(time);
    }
  }
}

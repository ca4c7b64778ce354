package dev.hfsm.tck.broken;

import dev.hfsm.queue.WorkQueue;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Work queues that each break one promise. */
public final class BrokenWorkQueues {

  private BrokenWorkQueues() {}

  /** What is wrong, and how to make a queue that does it; each is fresh and empty. */
  public static Map<String, Function<InstantSource, WorkQueue>> all() {
    Map<String, Function<InstantSource, WorkQueue>> all = new LinkedHashMap<>();
    all.putAll(BrokenOffers.all());
    all.putAll(BrokenDeliveries.all());
    all.putAll(BrokenAcks.all());
    all.putAll(BrokenWaits.all());
    return all;
  }
}

package dev.hfsm.tck;

/**
 * Proves a {@link dev.hfsm.queue.WorkQueue}. Extend it with a class whose name your build takes for
 * a test, and supply a fresh queue and the clock it lives by; every case gets a queue of its own.
 *
 * <p>The contract lets a queue lose and double hints, because media do when they fail. The cases
 * run over a medium that does not fail, and there each hint is expected once. The clock must tick
 * by itself as well: {@link TickingClock} does, for queues that take one.
 *
 * <pre>{@code
 * class MyWorkQueueTest extends WorkQueueContract {
 *   private final TickingClock clock = new TickingClock();
 *
 *   @Override
 *   protected WorkQueue newQueue() {
 *     return new MyWorkQueue(clock);
 *   }
 *
 *   @Override
 *   protected Instant now() {
 *     return clock.instant();
 *   }
 *
 *   @Override
 *   protected void elapse(Duration time) {
 *     clock.advance(time);
 *   }
 * }
 * }</pre>
 *
 * <p>Needed beside this module: an engine for JUnit Jupiter.
 */
public abstract class WorkQueueContract extends QueueWaitingCases {

  /** For subclasses. */
  protected WorkQueueContract() {}
}

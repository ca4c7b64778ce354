package dev.hfsm.queue;

import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.util.List;

/**
 * Tells workers where to look, across nodes if the medium spans nodes. Hints may be lost, doubled
 * and reordered; the ledger is the truth and re-offers what is due. Implementations are
 * thread-safe.
 */
public interface WorkQueue extends AutoCloseable {

  /**
   * Offers hints. A hint for a subject that is already waiting is merged with it: the earlier time
   * and the higher priority win.
   */
  void offer(List<Hint> hints);

  /**
   * Takes up to {@code max} hints that are due, highest priority first, then earliest. Blocks until
   * there is at least one or {@code maxWait} is over, and returns an empty list then, or at once
   * when the queue is closed or the thread interrupted (the interrupt status stays set).
   *
   * @param max 1 or more
   * @param maxWait zero to look without waiting
   */
  List<Hint> poll(int max, Duration maxWait);

  /**
   * Says that polled hints were acted upon. Un-acknowledged hints may be delivered again.
   * Acknowledging a hint that is unknown, or was acknowledged before, does nothing; a hint offered
   * again after it was polled is not taken back by acknowledging the earlier delivery.
   */
  void ack(List<Hint> done);

  /**
   * Whether work of a kind may be begun by the node where it came up, without its hint going
   * through this queue. A queue that holds hints back or shares them out by a rule of its own says
   * no. What is said may be a moment old; it is asked for each piece of work, so it must not wait.
   * No, unless a queue says otherwise.
   */
  default boolean maySkip(WorkKind kind) {
    return false;
  }

  /** Wakes every waiting {@link #poll}; never throws for being called twice. */
  @Override
  void close();
}

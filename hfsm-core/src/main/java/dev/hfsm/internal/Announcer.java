package dev.hfsm.internal;

import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says where there is work, after it was committed: to the queue if there is one, else by the bell
 * of this process. What is said may be lost, so nothing here fails. Thread-safe.
 */
public final class Announcer {

  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  private final @Nullable WorkQueue queue;
  private final Bell bell;

  /** Offers hints to {@code queue}, or rings {@code bell} if that is null. */
  public Announcer(@Nullable WorkQueue queue, Bell bell) {
    this.queue = queue;
    this.bell = bell;
  }

  /** Says that work about a subject is due at a time. */
  public void announce(Subject subject, Instant due, int priority) {
    announce(List.of(new Hint(subject, due, priority)));
  }

  /** Says that work is due. */
  public void announce(List<Hint> hints) {
    if (queue == null) {
      bell.ring();
      return;
    }
    try {
      queue.offer(hints);
    } catch (RuntimeException e) {
      LOG.warn(
          "{} hints were lost, the ledger will offer the work again: {}",
          hints.size(),
          e.toString());
    }
  }
}

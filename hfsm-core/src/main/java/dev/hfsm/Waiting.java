package dev.hfsm;

import dev.hfsm.error.LedgerException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.internal.work.Signals;
import dev.hfsm.internal.work.WaitingRoom.Place;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a caller waits: for the ledger to answer, and for work to come to an end. Thread-safe. */
final class Waiting {

  /** How long to wait before a ledger that did not answer is asked again. */
  static final Duration ASK_AGAIN = Duration.ofMillis(200);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

  private final Signals signals;

  Waiting(Signals signals) {
    this.signals = signals;
  }

  @FunctionalInterface
  interface Condition<T> {
    boolean holds(T row);
  }

  /**
   * Asks the ledger until it answers: whoever waits for a variant can as well wait for a
   * connection. What is asked here may be asked twice.
   *
   * @throws LedgerException the last one, if there is no answer in time, or if a retry cannot help
   */
  <T> T patiently(Subject subject, Place place, long deadline, Supplier<T> question) {
    while (true) {
      try {
        return question.get();
      } catch (LedgerException e) {
        long left = deadline - System.nanoTime();
        if (!e.retryable() || left <= 0) {
          throw e;
        }
        place.take();
        LOG.debug("asking again about {}: {}", subject, e.toString());
        pause(subject, Math.min(left, ASK_AGAIN.toNanos()));
      }
    }
  }

  private void pause(Subject subject, long nanos) {
    try (Signals.Waiter waiter = signals.listen(subject)) {
      waiter.await(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      throw interrupted(subject, e);
    }
  }

  static LedgerException interrupted(Subject subject, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new LedgerException("interrupted while waiting for " + subject, e, true);
  }

  /**
   * Looks until the condition holds. Work that ends is signalled, that of other processes as far as
   * they are heard; what was not heard of is noticed by looking again.
   */
  <T> T await(Subject subject, Place place, long deadline, Supplier<T> look, Condition<T> done) {
    while (true) {
      try (Signals.Waiter waiter = signals.listen(subject)) {
        T row = patiently(subject, place, deadline, look);
        if (done.holds(row)) {
          return row;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new VariantPendingException(subject.toString(), RETRY_AFTER);
        }
        place.take();
        waiter.await(Duration.ofNanos(Math.min(left, signals.lookAgain().toNanos())));
      } catch (InterruptedException e) {
        throw interrupted(subject, e);
      }
    }
  }
}

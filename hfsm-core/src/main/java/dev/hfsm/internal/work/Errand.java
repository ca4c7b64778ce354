package dev.hfsm.internal.work;

import dev.hfsm.error.VariantPendingException;
import dev.hfsm.internal.work.WaitingRoom.Until;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.Subject;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A variant that is not there, and those who wait for it: one of them looks, and the others are
 * told what it found. Thread-safe, but for what is the room's.
 */
final class Errand {
  private final Subject subject;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable VariantRow found;
  private @Nullable FoundVariant made;
  private boolean led = true;
  // These are the room's, and under its lock.
  int callers;
  long leftAt;
  boolean over;

  Errand(Subject subject) {
    this.subject = subject;
  }

  Subject subject() {
    return subject;
  }

  /** Waits to be the one who looks; gives what is there meanwhile, if it is enough. */
  @Nullable FoundVariant lead(long deadline, Until until) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (there(until) == null && led) {
        if (changed.awaitNanos(deadline - System.nanoTime()) <= 0 && there(until) == null && led) {
          throw new VariantPendingException(subject.toString(), WaitingRoom.RETRY_AFTER);
        }
      }
      FoundVariant there = there(until);
      led = led || there == null;
      return there;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable FoundVariant there(Until until) {
    if (found != null) {
      return FoundVariant.kept(found);
    }
    return until == Until.MADE ? made : null;
  }

  /** Its bytes, if they are there before it is kept. */
  @Nullable FoundVariant made() {
    lock.lock();
    try {
      return made;
    } finally {
      lock.unlock();
    }
  }

  /** Its bytes are there; or, if null, are not to be shown any more. */
  void made(@Nullable FoundVariant now) {
    lock.lock();
    try {
      made = now;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Another may look now; or need not, if this one found the row. */
  void handOver(@Nullable VariantRow row) {
    lock.lock();
    try {
      led = false;
      found = row == null ? found : row;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

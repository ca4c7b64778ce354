package dev.hfsm.internal.work;

import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Lease;
import dev.hfsm.model.Subject;
import org.jspecify.annotations.Nullable;

/**
 * A claimed piece of work on its way through this process: it waits for a hand, runs, has its
 * result settled, perhaps goes round once more, and ends. Thread-safe: a step that has lost its
 * race against another says so by returning false.
 */
final class Piece {

  private enum Phase {
    WAITING,
    /** The thread of another piece does the step along with its own. */
    CARRIED,
    RUNNING,
    SETTLING,
    ENDED
  }

  private final Claim claim;
  private final WorkBudget budget;
  private final boolean suspect;
  private final long claimedAt = System.nanoTime();
  private Phase phase = Phase.WAITING;
  private boolean begun;
  private boolean interrupted;
  private @Nullable Thread thread;

  Piece(Claim claim, WorkBudget budget, boolean suspect) {
    this.claim = claim;
    this.budget = budget;
    this.suspect = suspect;
  }

  Claim claim() {
    return claim;
  }

  Lease lease() {
    return claim.lease();
  }

  Subject subject() {
    return claim.lease().subject();
  }

  WorkBudget budget() {
    return budget;
  }

  boolean isSuspect() {
    return suspect;
  }

  /** For how long, in nanoseconds, it has been here. */
  long age() {
    return System.nanoTime() - claimedAt;
  }

  /** The calling thread begins a step. */
  synchronized boolean begin() {
    if (phase != Phase.WAITING) {
      return false;
    }
    if (!begun) {
      begun = true;
      budget.begin();
    }
    phase = Phase.RUNNING;
    thread = Thread.currentThread();
    return true;
  }

  /**
   * The calling thread has come to the end of its step.
   *
   * @return false if it was written off meanwhile: somebody else has settled the work
   */
  synchronized boolean comeToEnd() {
    if (interrupted) {
      // The interrupt was meant for the work, not for the host's thread.
      Thread.interrupted();
      interrupted = false;
    }
    return leave();
  }

  /** The step is taken from its thread, which does not stop. */
  synchronized boolean writeOff() {
    return leave();
  }

  private boolean leave() {
    if (phase != Phase.RUNNING) {
      return false;
    }
    phase = Phase.SETTLING;
    thread = null;
    return true;
  }

  /** Takes back what no thread has begun. */
  synchronized boolean withdraw() {
    if (phase != Phase.WAITING || begun) {
      return false;
    }
    phase = Phase.SETTLING;
    return true;
  }

  /** The thread that runs another piece does this one's step as well, if it still waits. */
  synchronized boolean carry() {
    if (phase != Phase.WAITING || begun) {
      return false;
    }
    phase = Phase.CARRIED;
    return true;
  }

  /** Its step was done by the thread that carried it; false if it was put down meanwhile. */
  synchronized boolean arrive() {
    if (phase != Phase.CARRIED) {
      return false;
    }
    begun = true;
    phase = Phase.SETTLING;
    return true;
  }

  /** It is carried no further, and waits for a hand as if it never had been. */
  synchronized boolean putDown() {
    if (phase != Phase.CARRIED) {
      return false;
    }
    phase = Phase.WAITING;
    return true;
  }

  /** It waits for a hand once more. */
  synchronized boolean goRound() {
    if (phase != Phase.SETTLING) {
      return false;
    }
    phase = Phase.WAITING;
    return true;
  }

  /** It has come to its end; true for the first who says so. */
  synchronized boolean end() {
    boolean first = phase != Phase.ENDED;
    phase = Phase.ENDED;
    return first;
  }

  synchronized boolean isRunning() {
    return phase == Phase.RUNNING;
  }

  /** Interrupts the thread that runs it, once; does nothing while none does. */
  synchronized void interrupt() {
    if (thread != null && !interrupted) {
      interrupted = true;
      thread.interrupt();
    }
  }
}

package dev.hfsm.internal.work;

import dev.hfsm.ledger.LedgerBell;
import dev.hfsm.ledger.LedgerBell.Ring;
import dev.hfsm.model.Subject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Rings for other nodes on one thread: what comes together while one call is under way goes with
 * the next, as one. Thread-safe.
 */
final class Ringer {

  /** More subjects than this are told of as "anything". */
  private static final int MAX_SUBJECTS = 500;

  private final LedgerBell bell;
  private final Outage outage;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Subject> settled = new LinkedHashSet<>();
  private boolean owed;
  private boolean removed;
  private boolean leaving;

  Ringer(LedgerBell bell, Outage outage) {
    this.bell = bell;
    this.outage = outage;
  }

  void owed() {
    lock.lock();
    try {
      if (!owed) {
        owed = true;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void removed() {
    lock.lock();
    try {
      removed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void settled(Subject subject) {
    lock.lock();
    try {
      if (settled.size() <= MAX_SUBJECTS) {
        settled.add(subject);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Rings until told to leave and nothing is left to ring for. */
  void run() throws InterruptedException {
    for (List<Ring> rings = next(); !rings.isEmpty(); rings = next()) {
      try {
        bell.ring(rings);
        outage.over();
      } catch (RuntimeException | Error e) {
        // Whoever was to hear of it looks again now and then.
        outage.bear(e);
      }
    }
  }

  private List<Ring> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!owed && !removed && settled.isEmpty() && !leaving) {
        changed.await();
      }
      List<Ring> rings = new ArrayList<>();
      if (owed) {
        rings.add(Ring.OWED);
      }
      if (removed) {
        rings.add(Ring.REMOVED);
      }
      if (settled.size() > MAX_SUBJECTS) {
        rings.add(new Ring(LedgerBell.Kind.SETTLED, null));
      } else {
        settled.forEach(subject -> rings.add(Ring.settled(subject)));
      }
      owed = false;
      removed = false;
      settled.clear();
      return rings;
    } finally {
      lock.unlock();
    }
  }

  void leaveWhenEmpty() {
    lock.lock();
    try {
      leaving = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

package dev.hfsm.jdbc;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets admissions that come while others are under way go together, as one statement with one
 * commit. Nobody waits to gather more: who finds a turn free takes it at once and alone, and each
 * who ends a turn passes it on to those who have come meanwhile. An admission that finds no place
 * in a company, or whose company fails for what one of them brought, goes alone. Thread-safe.
 */
final class Company {

  /** Two turns: while one waits for its flush the other is written. */
  private static final int TURNS = 2;

  private static final int MOST = 100;

  /** Does what is asked, for one or for many. */
  interface Admitting {

    /** Waits for whoever is in the way. */
    Admitted alone(Admission admission);

    /** The same, but gives up on whoever is in the way for long. */
    Admitted soon(Admission admission);

    /**
     * Gives up likewise. New assets among these, each other and each name once; what is left out
     * goes alone.
     */
    Map<AssetId, Admitted> together(List<Admission> admissions);
  }

  private final Admitting admitting;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Seat> waiting = new ArrayDeque<>();
  private int turns = TURNS;

  Company(Admitting admitting) {
    this.admitting = admitting;
  }

  /** One caller's admission, until it knows what became of it. */
  private static final class Seat {

    private enum Next {
      WAIT,
      LEAD,
      ALONE,
      DONE
    }

    final Admission admission;
    private final Thread caller = Thread.currentThread();
    private volatile Next next = Next.WAIT;
    private @Nullable Admitted answer;
    private @Nullable Throwable failure;

    Seat(Admission admission) {
      this.admission = admission;
    }

    private void tell(Next what) {
      next = what;
      LockSupport.unpark(caller);
    }

    void answer(@Nullable Admitted found) {
      answer = found;
      tell(found == null ? Next.ALONE : Next.DONE);
    }

    void fail(Throwable why) {
      failure = why;
      tell(Next.DONE);
    }

    /** Waits as a statement would: an interrupt is kept for later. */
    Next await() {
      boolean interrupted = false;
      while (next == Next.WAIT) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return next;
    }

    /** Each caller throws an exception of its own. */
    Admitted found() {
      if (failure instanceof LedgerException e) {
        throw new LedgerException(e.getMessage(), e, e.retryable());
      }
      if (failure != null) {
        throw new IllegalStateException("an admission failed together with others", failure);
      }
      return Objects.requireNonNull(answer);
    }
  }

  Admitted admit(Admission admission) {
    Seat seat = new Seat(admission);
    if (!takeTurn(seat)) {
      Seat.Next next = seat.await();
      if (next != Seat.Next.LEAD) {
        return next == Seat.Next.ALONE ? admitting.alone(admission) : seat.found();
      }
    }
    @Nullable Admitted own;
    try {
      own = lead(admission);
    } finally {
      passOn();
    }
    // Whoever has to wait for somebody else does so without holding a turn.
    return own == null ? admitting.alone(admission) : own;
  }

  /** How many wait for a turn. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private boolean takeTurn(Seat seat) {
    lock.lock();
    try {
      if (turns > 0) {
        turns--;
        return true;
      }
      waiting.add(seat);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void passOn() {
    lock.lock();
    try {
      Seat heir = waiting.poll();
      if (heir == null) {
        turns++;
      } else {
        heir.tell(Seat.Next.LEAD);
      }
    } finally {
      lock.unlock();
    }
  }

  private record Name(String scope, ReferenceName reference) {

    static Name of(Admission admission) {
      return new Name(admission.asset().scope().name(), admission.reference());
    }
  }

  /** A statement writes a row once, so the same asset or name waits for a later one. */
  private List<Seat> gather(Admission first) {
    List<Seat> company = new ArrayList<>();
    lock.lock();
    try {
      if (waiting.isEmpty()) {
        return company;
      }
      Set<AssetId> assets = new HashSet<>(Set.of(first.asset()));
      Set<Name> names = new HashSet<>(Set.of(Name.of(first)));
      for (Iterator<Seat> i = waiting.iterator(); i.hasNext() && company.size() < MOST; ) {
        Seat seat = i.next();
        if (!assets.contains(seat.admission.asset()) && names.add(Name.of(seat.admission))) {
          assets.add(seat.admission.asset());
          company.add(seat);
          i.remove();
        }
      }
      return company;
    } finally {
      lock.unlock();
    }
  }

  /** Empty-handed if the admission is to go alone. */
  private @Nullable Admitted lead(Admission first) {
    List<Seat> others = gather(first);
    List<Admission> admissions = new ArrayList<>(others.size() + 1);
    admissions.add(first);
    others.forEach(seat -> admissions.add(seat.admission));
    Map<AssetId, Admitted> found;
    try {
      found = others.isEmpty() ? one(first) : admitting.together(admissions);
    } catch (RuntimeException | Error e) {
      if (e instanceof HfsmException failure && SqlErrors.isRefused(failure)) {
        found = Map.of();
      } else {
        others.forEach(seat -> seat.fail(e));
        throw e;
      }
    }
    for (Seat seat : others) {
      seat.answer(found.get(seat.admission.asset()));
    }
    return found.get(first.asset());
  }

  private Map<AssetId, Admitted> one(Admission admission) {
    return Map.of(admission.asset(), admitting.soon(admission));
  }
}

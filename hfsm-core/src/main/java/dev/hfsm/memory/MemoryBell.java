package dev.hfsm.memory;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Reaches whoever listens in this process. Equal rings that nobody has heard yet are merged. */
final class MemoryBell implements LedgerBell {

  private final List<Ear> ears = new CopyOnWriteArrayList<>();

  @Override
  public void ring(Collection<Ring> rings) {
    ears.forEach(ear -> ear.hear(rings));
  }

  @Override
  public Listening listen() {
    Ear ear = new Ear();
    ears.add(ear);
    return ear;
  }

  private final class Ear implements Listening {

    /** So many different rings mean: look everywhere. */
    private static final int MAX_HEARD = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Ring> heard = new LinkedHashSet<>();
    private boolean closed;

    void hear(Collection<Ring> rings) {
      lock.lock();
      try {
        heard.addAll(rings);
        if (heard.size() > MAX_HEARD) {
          heard.clear();
          heard.add(Ring.OWED);
          heard.add(new Ring(Kind.SETTLED, null));
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public List<Ring> await(Duration atMost) throws InterruptedException {
      long nanos = TimeUnit.NANOSECONDS.convert(atMost);
      lock.lockInterruptibly();
      try {
        while (heard.isEmpty() && !closed && nanos > 0) {
          nanos = changed.awaitNanos(nanos);
        }
        if (closed) {
          throw new LedgerException("this listening was closed", null, false);
        }
        List<Ring> all = new ArrayList<>(heard);
        heard.clear();
        return all;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      ears.remove(this);
      lock.lock();
      try {
        closed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}

package dev.hfsm.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reaches all who listen to the same object, for ledgers whose medium tells nobody anything. A ring
 * is never lost; equal ones that nobody has taken yet are merged. Thread-safe; listening uses no
 * thread.
 */
public final class InProcessBell implements LedgerBell {

  private final List<Ear> ears = new CopyOnWriteArrayList<>();

  /** A bell nobody listens to yet. */
  public InProcessBell() {}

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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final HeardRings heard = new HeardRings();
    private boolean closed;

    void hear(Collection<Ring> rings) {
      lock.lock();
      try {
        heard.addAll(rings);
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
          throw HeardRings.closed();
        }
        return heard.take();
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

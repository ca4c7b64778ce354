package dev.hfsm.jdbc;

import dev.hfsm.ledger.LedgerBell;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Reaches all who listen to the same ledger object, for databases that tell nobody anything. */
final class SharedBell implements LedgerBell {

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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Heard heard = new Heard();
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
          throw Heard.closed();
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

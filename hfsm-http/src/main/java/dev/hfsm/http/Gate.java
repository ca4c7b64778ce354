package dev.hfsm.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Knows how many exchanges are under way, and lets no more in once the server is to end. */
final class Gate extends Filter {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private State state = State.OPEN;
  private int running;

  private enum State {
    OPEN,
    /** The server is about to end and still serves, for those who have not heard of it. */
    ENDING,
    SHUT
  }

  @Override
  public String description() {
    return "gate";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    if (!enter()) {
      exchange.getResponseHeaders().set("Retry-After", "1");
      exchange.getResponseHeaders().set("Connection", "close");
      SmallJson.problem(exchange, 503, "Shutting down");
      return;
    }
    try {
      if (isEnding()) {
        exchange.getResponseHeaders().set("Connection", "close");
      }
      chain.doFilter(exchange);
    } finally {
      leave();
    }
  }

  private boolean enter() {
    lock.lock();
    try {
      if (state == State.SHUT) {
        return false;
      }
      running++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      running--;
      if (running == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isEnding() {
    lock.lock();
    try {
      return state != State.OPEN;
    } finally {
      lock.unlock();
    }
  }

  /** From now on it says that it is ending. */
  void announceEnd() {
    set(State.ENDING);
  }

  /** From now on nobody is let in. */
  void shut() {
    set(State.SHUT);
  }

  private void set(State next) {
    lock.lock();
    try {
      state = next;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nobody is inside.
   *
   * @return how many still are after {@code atMost}
   */
  int awaitIdle(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (running > 0 && left > 0) {
        left = idle.awaitNanos(left);
      }
      return running;
    } finally {
      lock.unlock();
    }
  }

  /** Waits while nobody needs to be let in or kept out. */
  void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}

package dev.hfsm.redis;

import dev.hfsm.queue.Hint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Acknowledgements that wait for the next poll, with which they go at no cost. What no poll has
 * taken along within a tenth of a second, or what is too much for one, goes by itself. Thread-safe.
 */
final class Acknowledging {

  private static final long SOON_MILLIS = 100;

  /** Beyond they are dropped, and the hints delivered again. */
  private static final int MOST = 10_000;

  private final int batch;
  private final Executor soon;
  private final Gathering<Hint> alone;
  private List<Hint> waiting = new ArrayList<>();
  private boolean timed;

  /**
   * @param batch how many go together at most
   * @param send starts a call; its future must come to an end
   */
  Acknowledging(int batch, Function<List<Hint>, CompletableFuture<?>> send) {
    this(
        batch,
        send,
        CompletableFuture.delayedExecutor(SOON_MILLIS, TimeUnit.MILLISECONDS, Runnable::run));
  }

  /**
   * The same.
   *
   * @param soon runs what it is given after a while
   */
  Acknowledging(int batch, Function<List<Hint>, CompletableFuture<?>> send, Executor soon) {
    this.batch = batch;
    this.soon = soon;
    this.alone = new Gathering<>(batch, send);
  }

  void add(List<Hint> done) {
    boolean first;
    boolean many;
    synchronized (this) {
      if (waiting.size() + alone.waiting() >= MOST) {
        return;
      }
      waiting.addAll(done);
      many = waiting.size() >= batch;
      first = !many && !timed;
      timed |= first;
    }
    if (many) {
      sendAlone();
    } else if (first) {
      soon.execute(this::onTime);
    }
  }

  private void onTime() {
    synchronized (this) {
      timed = false;
    }
    sendAlone();
  }

  /** Those that go with a poll. */
  synchronized List<Hint> take() {
    List<Hint> taken = waiting;
    waiting = new ArrayList<>();
    return taken;
  }

  /** Waits for no poll. The future ends with the call. */
  CompletableFuture<Void> sendAlone() {
    List<Hint> taken = take();
    return taken.isEmpty() ? CompletableFuture.completedFuture(null) : alone.add(taken);
  }

  /** Ends when all that was added so far was sent. */
  CompletableFuture<Void> quiet() {
    sendAlone();
    return alone.quiet();
  }
}

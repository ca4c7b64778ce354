package dev.hfsm.redis;

import dev.hfsm.queue.Hint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /** So many a poll takes along: Lua unpacks less than 8,000 at once, and other work waits. */
  private static final int ALONG = 1_000;

  private final int batch;
  private final Executor soon;
  private final Gathering<Hint> alone;
  private final List<Hint> waiting = new ArrayList<>();
  private boolean timed;

  /** Those under way that have taken something along. */
  private final Set<CompletableFuture<?>> polls = new HashSet<>();

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
    int beyond = alone.waiting(); // not under this lock, which is taken under that of alone
    synchronized (this) {
      if (waiting.size() + beyond >= MOST) {
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

  /**
   * Lets a poll take along what waits.
   *
   * @param poll starts a call with what it is given; its future must come to an end
   */
  <T> CompletableFuture<T> along(Function<List<Hint>, CompletableFuture<T>> poll) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    List<Hint> taken;
    synchronized (this) {
      taken = take(ALONG);
      if (!taken.isEmpty()) {
        polls.add(ended);
      }
    }
    CompletableFuture<T> answer;
    try {
      answer = poll.apply(taken);
    } catch (RuntimeException | Error e) {
      end(ended);
      throw e;
    }
    answer.whenComplete((done, failure) -> end(ended));
    return answer;
  }

  private void end(CompletableFuture<?> call) {
    synchronized (this) {
      polls.remove(call);
    }
    call.complete(null);
  }

  private synchronized List<Hint> take(int most) {
    List<Hint> first = waiting.subList(0, Math.min(most, waiting.size()));
    List<Hint> taken = List.copyOf(first);
    first.clear();
    return taken;
  }

  /** Waits for no poll. The future ends with the call. */
  CompletableFuture<Void> sendAlone() {
    return alone.addFrom(() -> take(Integer.MAX_VALUE));
  }

  /**
   * Ends when all that was added so far was sent and answered, also what polls have taken along, or
   * was lost because a call failed.
   */
  CompletableFuture<Void> quiet() {
    sendAlone();
    List<CompletableFuture<?>> calls;
    synchronized (this) {
      calls = new ArrayList<>(polls);
    }
    calls.add(alone.quiet());
    return CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new));
  }
}

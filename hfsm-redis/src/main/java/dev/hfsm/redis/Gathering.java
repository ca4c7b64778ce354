package dev.hfsm.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends what comes together as one: what is added while a call is under way goes with the next. A
 * lone caller is not kept waiting, and many callers share one step in Redis. Thread-safe.
 *
 * @param <T> what is gathered
 */
final class Gathering<T> {

  private final int most;
  private final Function<List<T>, CompletableFuture<?>> send;
  private List<T> items = new ArrayList<>();
  private CompletableFuture<Void> answer = new CompletableFuture<>();
  private boolean underWay;

  /**
   * @param most how many of them make a call; what is beyond goes with the next
   * @param send starts a call; its future must come to an end
   */
  Gathering(int most, Function<List<T>, CompletableFuture<?>> send) {
    this.most = most;
    this.send = send;
  }

  private record Call<T>(List<T> items, CompletableFuture<Void> answer) {}

  /** Adds items; the future ends with the call that the last of them goes with. */
  CompletableFuture<Void> add(List<T> more) {
    return addFrom(() -> more);
  }

  /**
   * Adds what is given; nobody finds {@link #quiet} between its being given and its being added.
   *
   * @param source asked under the lock of this object
   */
  CompletableFuture<Void> addFrom(Supplier<List<T>> source) {
    CompletableFuture<Void> mine;
    boolean first;
    synchronized (this) {
      List<T> more = source.get();
      if (more.isEmpty()) {
        return CompletableFuture.completedFuture(null);
      }
      items.addAll(more);
      mine = answer;
      first = !underWay;
      underWay = true;
    }
    if (first) {
      sendAll();
    }
    return mine;
  }

  /** How many items wait for a call. */
  synchronized int waiting() {
    return items.size();
  }

  /** Ends when all that was added so far was sent. */
  synchronized CompletableFuture<Void> quiet() {
    return underWay ? answer : CompletableFuture.completedFuture(null);
  }

  /** Calls until nothing is left. A loop, because a call that fails at once would recur. */
  private void sendAll() {
    for (Call<T> call = next(); call != null; call = next()) {
      CompletableFuture<?> sent = sendOne(call.items());
      Call<T> settled = call;
      if (!sent.isDone()) {
        sent.whenComplete(
            (done, failure) -> {
              settle(settled, failure);
              sendAll();
            });
        return;
      }
      sent.whenComplete((done, failure) -> settle(settled, failure));
    }
  }

  private synchronized Call<T> next() {
    if (items.isEmpty()) {
      underWay = false;
      answer.complete(null);
      answer = new CompletableFuture<>();
      return null;
    }
    Call<T> call = new Call<>(items, answer);
    items = new ArrayList<>();
    answer = new CompletableFuture<>();
    return call;
  }

  private CompletableFuture<?> sendOne(List<T> all) {
    List<CompletableFuture<?>> parts = new ArrayList<>();
    for (int i = 0; i < all.size(); i += most) {
      parts.add(send.apply(all.subList(i, Math.min(all.size(), i + most))));
    }
    return parts.size() == 1
        ? parts.get(0)
        : CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
  }

  private static void settle(Call<?> call, Throwable failure) {
    if (failure == null) {
      call.answer().complete(null);
    } else {
      call.answer().completeExceptionally(failure);
    }
  }
}

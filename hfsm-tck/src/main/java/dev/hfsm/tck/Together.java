package dev.hfsm.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Runs things at once on real threads. */
final class Together {

  private static final int PATIENCE_SECONDS = 300;

  private Together() {}

  /** Starts {@code threads} calls at the same moment; their results, in order of their number. */
  static <T> List<T> run(int threads, IntFunction<T> call) {
    List<Callable<T>> calls = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      calls.add(() -> call.apply(number));
    }
    return run(calls);
  }

  /** Starts all calls at the same moment; their results, in order. */
  static <T> List<T> run(List<Callable<T>> calls) {
    CyclicBarrier start = new CyclicBarrier(calls.size());
    try (Threads threads = new Threads()) {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> call : calls) {
        futures.add(
            threads.call(
                () -> {
                  start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                  return call.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } catch (Exception e) {
      throw new AssertionError("a call that ran at the same time as others failed: " + e, e);
    }
  }
}

package dev.hfsm.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Some threads that do the same for a time. */
final class Crowd {

  /** One call; answers how much was done, 0 when nothing is left. */
  interface Step {
    int run(int thread) throws Exception;
  }

  private final int threads;
  private final Duration time;

  Crowd(int threads, Duration time) {
    this.threads = threads;
    this.time = time;
  }

  /** How much all of them get done in a second. */
  double perSecond(Step step) throws InterruptedException, ExecutionException {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        counts.add(executor.submit(() -> repeat(step, thread, start + time.toNanos())));
      }
      long sum = 0;
      for (Future<Long> count : counts) {
        sum += count.get();
      }
      return sum / ((System.nanoTime() - start) / 1e9);
    } finally {
      executor.shutdownNow();
    }
  }

  private static long repeat(Step step, int thread, long until) throws Exception {
    long sum = 0;
    int done = 1;
    while (done > 0 && System.nanoTime() < until) {
      done = step.run(thread);
      sum += done;
    }
    return sum;
  }
}

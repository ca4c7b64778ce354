package dev.hfsm.tck;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Threads of a case. Whatever the adapter does, no case waits for ever and no thread survives. */
final class Threads implements AutoCloseable {

  /**
   * How many milliseconds a case waits for what should happen at once, a minute unless it is set:
   * far more than a sound adapter needs on a machine that does many other things.
   */
  static final String PATIENCE_PROPERTY = "hfsm.tck.patience.millis";

  private final ExecutorService executor;

  Threads(int count) {
    executor =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, "contract-suite");
              thread.setDaemon(true);
              return thread;
            });
  }

  static long patienceMillis() {
    return Long.getLong(PATIENCE_PROPERTY, 60_000);
  }

  interface Task {
    void run() throws Exception;
  }

  Future<?> run(Task task) {
    return call(
        () -> {
          task.run();
          return true;
        });
  }

  <T> Future<T> call(Callable<T> task) {
    return executor.submit(task);
  }

  /** What the task returned; fails if it failed or takes too long. */
  static <T> T get(Future<T> future) throws InterruptedException {
    try {
      return future.get(patienceMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("a thread of the case failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("still not done after " + patienceMillis() + " ms", e);
    }
  }

  /** Waits for a latch inside a source. */
  static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(2 * patienceMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("the case did not go on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Gives {@code thread} the time to start waiting. A thread that waits in a way that cannot be
   * seen, for instance for a socket, gets a tenth of a second.
   */
  static void letItWait(Thread thread) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
    while (System.nanoTime() < deadline
        && thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}

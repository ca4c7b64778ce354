package dev.hfsm.tck;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads of a case. Whatever the adapter does, no case waits for ever, and what still runs when it
 * ends is interrupted. Cases take over each other's threads: a suite needs thousands, and to start
 * them costs more than what they do. The last ones end soon after the last case.
 */
final class Threads implements AutoCloseable {

  /**
   * How many milliseconds a case waits for what should happen at once, a minute unless it is set:
   * far more than a sound adapter needs on a machine that does many other things.
   */
  static final String PATIENCE_PROPERTY = "hfsm.tck.patience.millis";

  private static final int IDLE_SECONDS = 5;
  private static final int LONGEST_STANDSTILL_SECONDS = 20;
  private static final int LOOKS_AT_NATIVE_CODE = 100;

  /** Everything handed over runs at once; nothing waits for a thread. */
  private static final ExecutorService SHARED =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "contract-suite");
            thread.setDaemon(true);
            return thread;
          });

  private final Queue<Future<?>> begun = new ConcurrentLinkedQueue<>();

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
    Future<T> future = SHARED.submit(task);
    begun.add(future);
    return future;
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
   * Lets {@code thread} begin to wait, however long it stands still before. Waiting in native code,
   * for instance for a socket, cannot be told from work there: that gets a tenth of a second.
   */
  static void letItWait(Thread thread) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_STANDSTILL_SECONDS);
    int looks = 0;
    while (System.nanoTime() < deadline && !isWaiting(thread) && looks < LOOKS_AT_NATIVE_CODE) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      looks = isInNativeCode(thread) ? looks + 1 : 0;
    }
  }

  private static boolean isWaiting(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, TERMINATED -> true;
      case NEW, RUNNABLE, BLOCKED -> false;
    };
  }

  private static boolean isInNativeCode(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0 && stack[0].isNativeMethod();
  }

  @Override
  public void close() {
    begun.forEach(future -> future.cancel(true));
  }
}

package dev.hfsm;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The executor workers run on: the host's, which stays open, or one of the pipeline's own. */
final class PipelineThreads {

  private static final Duration LEAVING = Duration.ofSeconds(5);

  private final @Nullable Executor given;
  private final List<Thread> started = new CopyOnWriteArrayList<>();
  private @Nullable ExecutorService own;

  PipelineThreads(@Nullable Executor given) {
    this.given = given;
  }

  /** The executor; creates the pipeline's own on the first call. */
  Executor executor() {
    if (given != null) {
      return given;
    }
    AtomicInteger number = new AtomicInteger();
    own =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "hfsm-" + number.incrementAndGet());
              thread.setDaemon(true);
              started.add(thread);
              return thread;
            });
    return own;
  }

  /** Ends the pipeline's own threads, whose tasks have come to their end; waits until they left. */
  void close() {
    if (own == null) {
      return;
    }
    own.shutdown();
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + LEAVING.toNanos();
    try {
      // A terminated pool may still have a thread on its last steps, so each is joined.
      for (Thread thread : started) {
        TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

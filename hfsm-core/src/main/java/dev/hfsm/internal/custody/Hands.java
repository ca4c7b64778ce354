package dev.hfsm.internal.custody;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that do one thing to each blob of a page for a migration. For one caller. */
final class Hands implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Hands.class);

  /** How long what is under way is waited for when a migration is broken off. */
  private static final int PATIENCE_SECONDS = 30;

  private final ExecutorService threads;

  Hands(int parallel) {
    this.threads = Executors.newFixedThreadPool(parallel, Hands::daemon);
  }

  private static Thread daemon(Runnable body) {
    Thread thread = new Thread(body, "hfsm-migrate");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Does something to all of them at once, and takes the results in their order on the thread that
   * calls.
   *
   * @throws InterruptedException if that is interrupted meanwhile
   */
  <T, R> void each(List<T> all, Function<T, R> work, BiConsumer<T, R> taken)
      throws InterruptedException {
    List<Future<R>> under = new ArrayList<>();
    for (T one : all) {
      under.add(threads.submit(() -> work.apply(one)));
    }
    for (int i = 0; i < under.size(); i++) {
      taken.accept(all.get(i), get(under.get(i)));
    }
  }

  private static <R> R get(Future<R> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException reason) {
        throw reason;
      }
      throw new IllegalStateException("a copy ended in an unexpected way", e.getCause());
    }
  }

  /** On return nothing more comes into the new store. */
  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!threads.isTerminated() && System.nanoTime() < until) {
      try {
        threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (!threads.isTerminated()) {
      LOG.warn("copies are still under way although the migration has ended");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.hfsm.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.transform.Budget;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class MemoryPoolTest {
  private static final long PATIENT = TimeUnit.SECONDS.toNanos(120);
  private final MemoryPool pool = new MemoryPool(10 * 1024);

  private static boolean isRetryable(Throwable e) {
    return e instanceof HfsmException known && known.retryable();
  }

  @Test
  void givesOutWhatItHasAndNoMore() {
    assertThat(pool.largest()).isEqualTo(10 * 1024);
    Budget.Memory all = pool.reserve(10 * 1024, 0);
    assertThatThrownBy(() -> pool.reserve(1, 0))
        .isInstanceOf(LimitExceededException.class)
        .matches(MemoryPoolTest::isRetryable)
        .hasMessageContaining("did not become free in time");
    all.close();
    pool.reserve(10 * 1024, 0).close();
  }

  @Test
  void refusesAtOnceWhatItCanNeverGive() {
    assertThatThrownBy(() -> pool.reserve(10 * 1024 + 1, PATIENT))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("10241 bytes are needed")
        .hasMessageContaining("have 10240");
    assertThatThrownBy(() -> pool.reserve(Long.MAX_VALUE, PATIENT))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void takesAShareBackOnlyOnce() {
    Budget.Memory half = pool.reserve(5 * 1024, 0);
    Budget.Memory rest = pool.reserve(5 * 1024, 0);
    half.close();
    half.close();
    assertThatThrownBy(() -> pool.reserve(6 * 1024, 0)).isInstanceOf(LimitExceededException.class);
    rest.close();
    pool.reserve(10 * 1024, 0).close();
  }

  /** Starts a thread that reserves, and returns once it waits in the queue. */
  private CompletableFuture<Budget.Memory> queued(long bytes) {
    CompletableFuture<Budget.Memory> got = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                got.complete(pool.reserve(bytes, PATIENT));
              } catch (Throwable e) {
                got.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING && !got.isDone()) {
      Thread.onSpinWait();
    }
    return got;
  }

  @Test
  void letsASmallWishWaitBehindALargeOne() {
    Budget.Memory most = pool.reserve(8 * 1024, 0);
    CompletableFuture<Budget.Memory> large = queued(10 * 1024);
    CompletableFuture<Budget.Memory> small = queued(1024);
    assertThat(small).as("1 KiB is free, but the large wish came first").isNotDone();
    most.close();
    large.join().close();
    small.join().close();
  }

  @Test
  void stopsWaitingWhenInterrupted() throws InterruptedException {
    try (Budget.Memory all = pool.reserve(10 * 1024, 0)) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      boolean[] stillSet = {false};
      Thread thread =
          new Thread(
              () -> {
                try {
                  pool.reserve(1, PATIENT);
                } catch (LimitExceededException e) {
                  thrown.set(e);
                  stillSet[0] = Thread.currentThread().isInterrupted();
                }
              });
      thread.start();
      thread.interrupt();
      thread.join();
      assertThat(thrown.get()).hasMessageContaining("interrupted");
      assertThat(stillSet[0]).isTrue();
    }
    pool.reserve(10 * 1024, 0).close();
  }

  @Test
  void countsEvenASingleByte() {
    MemoryPool smallest = new MemoryPool(1);
    assertThat(smallest.largest()).isEqualTo(1024);
    Budget.Memory one = smallest.reserve(1, 0);
    assertThatThrownBy(() -> smallest.reserve(1, 0)).isInstanceOf(LimitExceededException.class);
    one.close();
  }
}

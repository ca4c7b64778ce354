package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the cases of {@link WorkQueueContract} have in common. */
abstract class WorkQueueFixture {

  /** Longer than any case has patience: a poll that needs it was not woken. */
  static final Duration LONG = Duration.ofMinutes(10);

  WorkQueue queue;

  /**
   * A queue that is fresh and empty. It is closed after the case.
   *
   * @throws Exception if the queue cannot be set up; the case fails then
   */
  protected abstract WorkQueue newQueue() throws Exception;

  /** The time on the clock by which the queue tells whether a hint is due; the clock ticks. */
  protected abstract Instant now();

  /** Sets that clock forward. Called only while no poll is waiting. */
  protected abstract void elapse(Duration time);

  @BeforeEach
  final void openQueue() throws Exception {
    queue = newQueue();
  }

  @AfterEach
  final void closeQueue() {
    Thread.interrupted();
    queue.close();
  }

  static Subject subject(String name) {
    Digest digest = Digest.ofContent(name.getBytes(StandardCharsets.UTF_8));
    return Subject.inspect(AssetId.of(digest));
  }

  static Subject variant(String name) {
    Digest digest = Digest.ofContent(name.getBytes(StandardCharsets.UTF_8));
    return Subject.derive(new AssetId(Scope.of("shop"), digest), new VariantKey(digest));
  }

  /** A time in whole milliseconds, so that no medium has to round it. */
  final Instant in(Duration time) {
    return now().plus(time).truncatedTo(ChronoUnit.MILLIS);
  }

  final Hint due(String name) {
    return due(name, 0);
  }

  final Hint due(String name, int priority) {
    return new Hint(subject(name), in(Duration.ofSeconds(-10)), priority);
  }

  final List<Hint> dueHints(int count) {
    List<Hint> hints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hints.add(due("hint " + i));
    }
    return hints;
  }

  final List<Hint> look(int max) {
    return queue.poll(max, Duration.ZERO);
  }

  /** Polls until nothing is due any more. */
  final List<Hint> drain() {
    List<Hint> all = new ArrayList<>();
    for (List<Hint> some = look(10); !some.isEmpty(); some = look(10)) {
      all.addAll(some);
      assertThat(all.size()).as("hints delivered; there must be an end").isLessThan(5_000);
    }
    return all;
  }

  static List<Subject> subjects(List<Hint> hints) {
    return hints.stream().map(Hint::subject).toList();
  }

  /** Runs a poll in another thread, and returns when that has most likely begun to wait. */
  static <T> Waiting<T> waiting(Threads threads, Callable<T> poll) throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    Future<T> result =
        threads.call(
            () -> {
              thread.set(Thread.currentThread());
              started.countDown();
              return poll.call();
            });
    assertThat(started.await(Threads.patienceMillis(), TimeUnit.MILLISECONDS)).isTrue();
    Threads.letItWait(thread.get());
    return new Waiting<>(thread.get(), result);
  }

  record Waiting<T>(Thread thread, Future<T> result) {}
}

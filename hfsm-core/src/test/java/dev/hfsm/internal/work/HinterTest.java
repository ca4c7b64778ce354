package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is not offered would make these tests wait for ever, and fail by their time limit. */
@Timeout(300)
class HinterTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final List<List<Hint>> offered = new ArrayList<>();
  private final Semaphore arrived = new Semaphore(0);
  private boolean asksTheQueue = true;
  private Hinter hinter = new Hinter(this::offer);
  private final Thread thread =
      new Thread(
          () -> {
            try {
              hinter.run();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });

  /** After a call the next is not due before this test has failed. */
  private void pauseForLong() {
    hinter = new Hinter(this::offer, Duration.ZERO, hints -> LONG);
  }

  private boolean offer(List<Hint> hints) {
    synchronized (offered) {
      offered.add(hints);
    }
    arrived.release(hints.size());
    return asksTheQueue;
  }

  private List<Integer> sizes() {
    synchronized (offered) {
      return offered.stream().map(List::size).toList();
    }
  }

  private List<Hint> all() {
    synchronized (offered) {
      return offered.stream().flatMap(List::stream).toList();
    }
  }

  private static Hint hint(int number) {
    byte[] content = ByteBuffer.allocate(4).putInt(number).array();
    return new Hint(Subject.inspect(AssetId.of(Digest.ofContent(content))), Instant.EPOCH, 0);
  }

  private static List<Hint> hints(int count) {
    return IntStream.range(0, count).mapToObj(HinterTest::hint).toList();
  }

  @AfterEach
  void close() throws InterruptedException {
    hinter.leaveWhenEmpty();
    thread.join();
  }

  @Test
  void eachHintIsOfferedOnceAndInOrderHoweverTheyAreGathered() throws InterruptedException {
    thread.start();
    List<Hint> hints = hints(500);
    for (Hint hint : hints) {
      hinter.add(List.of(hint));
    }
    arrived.acquire(hints.size());
    assertThat(all()).isEqualTo(hints);
  }

  @Test
  void hintsThatKeepComingAreGathered() throws InterruptedException {
    thread.start();
    int count = 200;
    long start = System.nanoTime();
    for (Hint hint : hints(count)) {
      hinter.add(List.of(hint));
      arrived.acquire(); // so that each would be a call, at once
    }
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    // However slow the machine: eight at once, and one more for each four milliseconds.
    assertThat((long) count).isLessThanOrEqualTo(8 + millis / 4 + 1);
  }

  @Test
  void aPauseEndsWhenEnoughIsGathered() throws InterruptedException {
    pauseForLong();
    thread.start();
    hinter.add(hints(1));
    arrived.acquire();
    hints(100).forEach(hint -> hinter.add(List.of(hint)));
    arrived.acquire(100);
    assertThat(sizes()).containsExactly(1, 100);
  }

  @Test
  void whatDoesNotReachTheQueueIsNotFollowedByAPause() throws InterruptedException {
    asksTheQueue = false;
    pauseForLong();
    thread.start();
    for (Hint hint : hints(10)) {
      hinter.add(List.of(hint));
      arrived.acquire();
    }
    assertThat(sizes()).hasSize(10);
  }

  @Test
  void aThreadThatIsToLeaveEndsItsPause() throws InterruptedException {
    pauseForLong();
    thread.start();
    List<Hint> hints = hints(3);
    hinter.add(hints.subList(0, 1));
    arrived.acquire();
    hinter.add(hints.subList(1, 2));
    hinter.add(hints.subList(2, 3));
    hinter.leaveWhenEmpty();
    thread.join();
    assertThat(all()).isEqualTo(hints);
  }

  @Test
  void whatWaitsIsOfferedBeforeTheThreadLeaves() throws InterruptedException {
    List<Hint> hints = hints(50);
    hints.forEach(hint -> hinter.add(List.of(hint)));
    hinter.leaveWhenEmpty();
    thread.start();
    thread.join();
    assertThat(all()).isEqualTo(hints);
  }
}

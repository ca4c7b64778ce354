package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a poll waits, and what ends it. */
abstract class QueueWaitingCases extends QueueDeliveryCases {

  @Test
  void aPollThatMayNotWaitReturnsAtOnce() throws Exception {
    try (Threads threads = new Threads()) {
      assertThat(Threads.get(threads.call(() -> queue.poll(10, Duration.ZERO)))).isEmpty();
    }
  }

  @Test
  void aPollWaitsAsLongAsItMayAndNoLonger() throws Exception {
    Duration wait = Duration.ofMillis(200);
    try (Threads threads = new Threads()) {
      long start = System.nanoTime();
      assertThat(Threads.get(threads.call(() -> queue.poll(10, wait)))).isEmpty();
      // A medium may count in coarse steps.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(wait.dividedBy(2));
    }
  }

  @Test
  void aPollThatMayWaitDoesNotIfSomethingIsDue() throws Exception {
    queue.offer(dueHints(2));
    try (Threads threads = new Threads()) {
      assertThat(Threads.get(threads.call(() -> queue.poll(10, LONG)))).isNotEmpty();
    }
  }

  @Test
  void aPollThatHasSomethingDoesNotWaitForMore() throws Exception {
    queue.offer(dueHints(1));
    try (Threads threads = new Threads()) {
      assertThat(Threads.get(threads.call(() -> queue.poll(2, LONG)))).hasSize(1);
    }
  }

  @Test
  void anOfferWakesAWaitingPoll() throws Exception {
    try (Threads threads = new Threads()) {
      Waiting<List<Hint>> poller = waiting(threads, () -> queue.poll(10, LONG));
      queue.offer(List.of(due("a")));
      assertThat(subjects(Threads.get(poller.result()))).containsExactly(subject("a"));
    }
  }

  @Test
  void twoOffersWakeTwoWaitingPolls() throws Exception {
    try (Threads threads = new Threads()) {
      Waiting<List<Hint>> one = waiting(threads, () -> queue.poll(1, LONG));
      Waiting<List<Hint>> two = waiting(threads, () -> queue.poll(1, LONG));
      queue.offer(List.of(due("a"), due("b")));
      List<Hint> first = Threads.get(one.result());
      List<Hint> second = Threads.get(two.result());
      assertThat(List.of(first.get(0).subject(), second.get(0).subject()))
          .containsExactlyInAnyOrder(subject("a"), subject("b"));
    }
  }

  @Test
  void aWaitingPollWakesWhenTheEarliestHintComesDue() throws Exception {
    Instant at = in(Duration.ofMillis(250));
    queue.offer(
        List.of(
            new Hint(subject("later"), in(Duration.ofHours(1)), 5), new Hint(subject("a"), at, 0)));
    try (Threads threads = new Threads()) {
      List<Hint> found = Threads.get(threads.call(() -> queue.poll(10, LONG)));
      assertThat(now()).as("when the hint was delivered").isAfterOrEqualTo(at);
      assertThat(subjects(found)).containsExactly(subject("a"));
    }
  }

  @Test
  void anOfferThatIsDueSoonerShortensAWait() throws Exception {
    queue.offer(List.of(new Hint(subject("later"), in(Duration.ofHours(1)), 0)));
    try (Threads threads = new Threads()) {
      Waiting<List<Hint>> poller = waiting(threads, () -> queue.poll(10, LONG));
      queue.offer(List.of(new Hint(subject("later"), in(Duration.ofMillis(100)), 0)));
      assertThat(subjects(Threads.get(poller.result()))).containsExactly(subject("later"));
    }
  }

  @Test
  void closingWakesEveryWaitingPoll() throws Exception {
    try (Threads threads = new Threads()) {
      Waiting<List<Hint>> one = waiting(threads, () -> queue.poll(10, LONG));
      Waiting<List<Hint>> two = waiting(threads, () -> queue.poll(10, LONG));
      queue.close();
      assertThat(Threads.get(one.result())).isEmpty();
      assertThat(Threads.get(two.result())).isEmpty();
    }
  }

  @Test
  void aPollOfAClosedQueueReturnsNothingAtOnce() throws Exception {
    queue.offer(List.of(due("a")));
    queue.close();
    try (Threads threads = new Threads()) {
      assertThat(Threads.get(threads.call(() -> queue.poll(10, LONG)))).isEmpty();
    }
  }

  @Test
  void closingTwiceIsHarmless() {
    queue.close();
    queue.close();
  }

  @Test
  void anInterruptEndsAWaitingPollAndStaysSet() throws Exception {
    try (Threads threads = new Threads()) {
      Waiting<Boolean> poller =
          waiting(
              threads,
              () -> {
                assertThat(queue.poll(10, LONG)).isEmpty();
                return Thread.currentThread().isInterrupted();
              });
      poller.thread().interrupt();
      assertThat(Threads.get(poller.result())).as("interrupt status").isTrue();
    }
  }

  @Test
  void aPollOfAnInterruptedThreadReturnsAtOnceAndLeavesTheStatusSet() throws Exception {
    try (Threads threads = new Threads()) {
      boolean interrupted =
          Threads.get(
              threads.call(
                  () -> {
                    Thread.currentThread().interrupt();
                    assertThat(queue.poll(10, LONG)).isEmpty();
                    return Thread.currentThread().isInterrupted();
                  }));
      assertThat(interrupted).as("interrupt status").isTrue();
    }
  }

  @Test
  void anInterruptedPollTakesNothingAlong() throws Exception {
    try (Threads threads = new Threads()) {
      Waiting<List<Hint>> poller = waiting(threads, () -> queue.poll(10, LONG));
      poller.thread().interrupt();
      assertThat(Threads.get(poller.result())).isEmpty();
    }
    queue.offer(List.of(due("a")));
    assertThat(subjects(look(10))).containsExactly(subject("a"));
  }
}

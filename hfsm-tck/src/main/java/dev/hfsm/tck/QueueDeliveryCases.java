package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is delivered, when, in which order and how often. */
abstract class QueueDeliveryCases extends WorkQueueFixture {

  @Test
  void aHintArrivesAsItWasOffered() {
    Hint inspect = new Hint(subject("a"), in(Duration.ofSeconds(-3)), 7);
    Hint derive = new Hint(variant("a"), in(Duration.ofSeconds(-2)), -7);
    queue.offer(List.of(inspect));
    assertThat(look(10)).containsExactly(inspect);
    queue.offer(List.of(derive));
    assertThat(look(10)).containsExactly(derive);
  }

  @Test
  void subjectsThatLookAlikeAreKeptApart() {
    queue.offer(List.of(due("a"), due("b"), new Hint(variant("a"), in(Duration.ZERO), 0)));
    assertThat(subjects(drain()))
        .containsExactlyInAnyOrder(subject("a"), subject("b"), variant("a"));
  }

  @Test
  void offeringNothingDoesNothing() {
    queue.offer(List.of());
    assertThat(look(10)).isEmpty();
  }

  @Test
  void everyHintOfManyArrivesOnce() {
    List<Hint> hints = dueHints(500);
    queue.offer(hints.subList(0, 200));
    queue.offer(hints.subList(200, 500));
    assertThat(subjects(drain()))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(subjects(hints));
  }

  @Test
  void aPollTakesNoMoreThanItsMaximum() {
    queue.offer(dueHints(5));
    assertThat(look(1)).hasSize(1);
    assertThat(look(3)).hasSizeBetween(1, 3);
    assertThat(drain()).hasSizeBetween(1, 3);
  }

  @Test
  void aHintIsNotDeliveredBeforeItsTime() {
    queue.offer(List.of(new Hint(subject("later"), in(Duration.ofHours(1)), 0)));
    assertThat(look(10)).isEmpty();
    elapse(Duration.ofMinutes(59));
    assertThat(look(10)).isEmpty();
  }

  @Test
  void aHintIsDeliveredWhenItsTimeHasCome() {
    queue.offer(List.of(new Hint(subject("later"), in(Duration.ofHours(1)), 0)));
    assertThat(look(10)).isEmpty();
    elapse(Duration.ofHours(1).plusSeconds(1));
    assertThat(subjects(look(10))).containsExactly(subject("later"));
  }

  @Test
  void higherPriorityComesFirst() {
    queue.offer(List.of(due("low", -5), due("high", 5), due("middle")));
    assertThat(subjects(look(1))).containsExactly(subject("high"));
    assertThat(subjects(look(2))).containsExactly(subject("middle"), subject("low"));
  }

  @Test
  void amongEqualsTheEarliestComesFirst() {
    Instant at = in(Duration.ofHours(-1));
    queue.offer(
        List.of(
            new Hint(subject("second"), at.plusMillis(20), 1),
            new Hint(subject("first"), at.plusMillis(10), 1),
            new Hint(subject("third"), at.plusMillis(30), 1)));
    assertThat(subjects(look(3)))
        .containsExactly(subject("first"), subject("second"), subject("third"));
  }

  @Test
  void whatIsNotYetDueDoesNotHoldUpWhatIs() {
    queue.offer(List.of(new Hint(subject("later"), in(Duration.ofHours(1)), 100), due("now")));
    assertThat(subjects(look(1))).containsExactly(subject("now"));
    assertThat(look(1)).isEmpty();
  }

  @Test
  void aSubjectThatIsOfferedTwiceIsDeliveredOnce() {
    queue.offer(List.of(due("a"), due("b")));
    queue.offer(List.of(due("a")));
    queue.offer(List.of(due("a"), due("a")));
    assertThat(subjects(drain())).containsExactlyInAnyOrder(subject("a"), subject("b"));
  }

  @Test
  void ofTwoTimesTheEarlierWins() {
    Instant later = in(Duration.ofHours(1));
    queue.offer(List.of(new Hint(subject("a"), later, 0), due("b")));
    queue.offer(List.of(due("a"), new Hint(subject("b"), later, 0)));
    List<Hint> delivered = drain();
    assertThat(subjects(delivered)).containsExactlyInAnyOrder(subject("a"), subject("b"));
    queue.ack(delivered);
    elapse(Duration.ofHours(2));
    assertThat(look(10)).as("what was merged away").isEmpty();
  }

  @Test
  void ofTwoPrioritiesTheHigherWins() {
    queue.offer(List.of(due("raised", 0), due("kept", 9), due("plain", 5)));
    queue.offer(List.of(due("raised", 10), due("kept", 0)));
    assertThat(subjects(look(3)))
        .containsExactly(subject("raised"), subject("kept"), subject("plain"));
  }

  @Test
  void mergingTakesTheBetterOfEachHint() {
    Instant early = in(Duration.ofSeconds(-20));
    Instant late = in(Duration.ofHours(1));
    queue.offer(List.of(new Hint(subject("a"), late, 9)));
    queue.offer(List.of(new Hint(subject("a"), early, 1)));
    assertThat(look(10)).containsExactly(new Hint(subject("a"), early, 9));
  }

  @Test
  void whatWasAcknowledgedDoesNotComeBack() {
    queue.offer(List.of(due("a"), due("b")));
    queue.ack(look(10));
    elapse(Duration.ofDays(1));
    assertThat(look(10)).isEmpty();
  }

  @Test
  void whatWasPolledIsNotPolledAgainAtOnce() {
    queue.offer(List.of(due("a")));
    assertThat(look(10)).hasSize(1);
    assertThat(look(10)).isEmpty();
  }

  @Test
  void acknowledgingTwiceOrTheUnknownDoesNothing() {
    queue.ack(List.of());
    queue.ack(List.of(due("unknown")));
    queue.offer(List.of(due("a"), due("b")));
    List<Hint> first = look(1);
    queue.ack(first);
    queue.ack(first);
    List<Hint> second = drain();
    assertThat(second).hasSize(1);
    assertThat(subjects(second)).doesNotContainAnyElementsOf(subjects(first));
  }

  @Test
  void acknowledgingTakesNothingElseAway() {
    queue.offer(List.of(due("a", 2), due("b", 1), due("c", 0)));
    queue.ack(look(1));
    assertThat(subjects(drain())).containsExactly(subject("b"), subject("c"));
  }

  @Test
  void aSubjectOfferedAgainAfterItWasAcknowledgedIsDeliveredAgain() {
    queue.offer(List.of(due("a")));
    queue.ack(look(1));
    queue.offer(List.of(due("a")));
    assertThat(subjects(look(1))).containsExactly(subject("a"));
  }

  @Test
  void aSubjectOfferedAgainWhileInFlightIsDeliveredAgain() {
    queue.offer(List.of(due("a")));
    assertThat(look(1)).hasSize(1);
    queue.offer(List.of(due("a")));
    assertThat(subjects(look(1))).containsExactly(subject("a"));
  }

  @Test
  void acknowledgingTheEarlierDeliveryDoesNotTakeBackALaterOffer() {
    Hint hint = due("a");
    queue.offer(List.of(hint));
    List<Hint> inFlight = look(1);
    queue.offer(List.of(hint));
    queue.ack(inFlight);
    assertThat(subjects(look(1))).containsExactly(subject("a"));
  }

  @Test
  void pollersNeverShareADelivery() throws Exception {
    int pollers = 4;
    List<Hint> hints = dueHints(400);
    Set<Subject> seen = ConcurrentHashMap.newKeySet();
    Set<Subject> again = ConcurrentHashMap.newKeySet();
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> polling = new ArrayList<>();
    try (Threads threads = new Threads()) {
      for (int i = 0; i < pollers; i++) {
        polling.add(
            threads.run(
                () -> {
                  start.await();
                  // Until all have come, however long whoever offers them stands still meanwhile.
                  while (seen.size() < hints.size() && again.isEmpty() && isWanted()) {
                    List<Hint> some = queue.poll(7, Duration.ofMillis(200));
                    subjects(some).stream().filter(s -> !seen.add(s)).forEach(again::add);
                    queue.ack(some);
                  }
                }));
      }
      start.countDown();
      for (int i = 0; i < hints.size(); i += 50) {
        queue.offer(hints.subList(i, i + 50));
      }
      for (Future<?> one : polling) {
        Threads.get(one);
      }
    }
    again.addAll(subjects(drain()));
    assertThat(again).as("delivered twice").isEmpty();
    assertThat(seen).hasSize(hints.size());
  }

  private static boolean isWanted() {
    return !Thread.currentThread().isInterrupted();
  }
}

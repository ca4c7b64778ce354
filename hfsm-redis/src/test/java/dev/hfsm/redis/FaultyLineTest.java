package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.derive;
import static dev.hfsm.redis.Hints.inspect;
import static dev.hfsm.redis.Hints.inspection;
import static dev.hfsm.redis.Hints.look;
import static dev.hfsm.redis.Hints.subjects;
import static dev.hfsm.redis.Hints.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.QueueException;
import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The line to Redis breaks at a bad moment, and Redis itself goes away and comes back empty. */
@Timeout(120)
class FaultyLineTest {

  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final int OPERATIONS = 2_000;

  private final FaultyLine line = new FaultyLine(RunningRedis.shared().port());
  private final SetForward time = new SetForward();
  private final RedisWorkQueue queue =
      time.queue(
          RedisWorkQueue.builder().uri(line.uri()).prefix(RunningRedis.prefix()).timeout(TIMEOUT));

  @AfterEach
  void close() {
    queue.close();
    line.close();
  }

  /** Offers until it is taken in: a line that has healed is used soon. */
  private static void offerInTheEnd(RedisWorkQueue queue, Hint hint) {
    while (true) {
      try {
        queue.offer(List.of(hint));
        return;
      } catch (QueueException e) {
        assertThat(e.retryable()).isTrue();
      }
    }
  }

  private static List<Hint> lookInTheEnd(RedisWorkQueue queue) {
    while (true) {
      try {
        return look(queue);
      } catch (QueueException e) {
        assertThat(e.retryable()).isTrue();
      }
    }
  }

  @Test
  void aPollThatWaitsIsToldWhenTheLineIsCutAndTheNextOneWorks() {
    CompletableFuture<List<Hint>> poll = waiting(queue);
    line.cut();
    assertThatThrownBy(poll::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(QueueException.class);
    line.heal();
    offerInTheEnd(queue, inspect("a"));
    assertThat(subjects(lookInTheEnd(queue))).containsExactly(inspection("a"));
  }

  @Test
  void onALineThatDiedWithoutAWordTheFirstOfferIsGivenUpAndTheNextFailAtOnce() {
    offerInTheEnd(queue, inspect("before"));
    line.silence();
    long start = System.nanoTime();
    assertThatThrownBy(() -> queue.offer(List.of(inspect("a"))))
        .isInstanceOf(QueueException.class)
        .hasMessageContaining("no answer within 500 ms");
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> queue.offer(List.of(inspect("b"))))
          .isInstanceOf(QueueException.class);
    }
    // A hundred time-outs would be 50 seconds; a slow machine has a lot of room below that.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(50));
    line.heal();
    offerInTheEnd(queue, derive("c"));
    assertThat(lookInTheEnd(queue)).hasSize(2);
  }

  @Test
  void aPollWhoseAnswerWasLostCostsARedeliveryAndNoHint() {
    offerInTheEnd(queue, inspect("a"));
    line.loseAnswers(1);
    assertThatThrownBy(() -> look(queue)).isInstanceOf(QueueException.class);
    assertThat(line.answersLost()).isEqualTo(1);
    assertThat(lookInTheEnd(queue)).isEmpty();
    time.advance(Duration.ofSeconds(11));
    assertThat(subjects(lookInTheEnd(queue))).containsExactly(inspection("a"));
  }

  @Test
  void anOfferWhoseAnswerWasLostWasTakenInAndIsMergedWhenOfferedAgain() {
    offerInTheEnd(queue, inspect("first"));
    line.loseAnswers(1);
    assertThatThrownBy(() -> queue.offer(List.of(inspect("a")))).isInstanceOf(QueueException.class);
    assertThat(line.answersLost()).isEqualTo(1);
    offerInTheEnd(queue, inspect("a"));
    assertThat(lookInTheEnd(queue)).hasSize(2);
    assertThat(look(queue)).isEmpty();
  }

  @Test
  void closingDoesNotWaitForALineThatIsDead() {
    CompletableFuture<List<Hint>> poll = waiting(queue);
    line.silence();
    queue.ack(List.of(inspect("a")));
    queue.close();
    assertThat(poll.join()).isEmpty();
    queue.offer(List.of(inspect("a")));
    queue.ack(List.of(inspect("a")));
  }

  @Test
  void aRedisThatCameBackEmptyIsUsedAsItIs() {
    try (RunningRedis redis = RunningRedis.with();
        RedisWorkQueue over = RedisWorkQueue.builder().uri(redis.uri()).open()) {
      over.offer(List.of(inspect("lost")));
      assertThat(look(over)).hasSize(1);
      CompletableFuture<List<Hint>> poll = waiting(over);
      redis.stop();
      assertThatThrownBy(poll::join).hasCauseInstanceOf(QueueException.class);
      redis.start();
      assertThat(lookInTheEnd(over)).isEmpty();
      CompletableFuture<List<Hint>> again = waiting(over);
      over.offer(List.of(inspect("a")));
      assertThat(subjects(again.join())).containsExactly(inspection("a"));
    }
  }

  /** Whatever the line does: nothing hangs, nothing is made up, and what is offered comes. */
  @Test
  void thousandsOfOperationsOverABadLineEndAndMakeNothingUp() {
    long seed = Long.getLong("hfsm.seed", System.nanoTime() & 0xffffffL);
    System.out.printf("operations over a bad line: seed %d%n", seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Set<Subject> offered = new HashSet<>();
    List<Hint> taken = new ArrayList<>();
    int failed = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      disturb(random);
      try {
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            Hint hint = random.nextBoolean() ? inspect("" + i) : derive("" + i);
            offered.add(hint.subject());
            queue.offer(List.of(hint));
          }
          case 2 -> taken.addAll(queue.poll(1 + random.nextInt(5), Duration.ZERO));
          default -> queue.ack(List.copyOf(taken));
        }
      } catch (QueueException e) {
        assertThat(e.retryable()).as(e.getMessage()).isTrue();
        failed++;
      }
      assertThat(offered).containsAll(subjects(taken));
    }
    line.heal();
    line.reset();
    assertThat(failed).as("operations that met a fault").isPositive();
    offered.forEach(subject -> offerInTheEnd(queue, Hints.at(subject, Instant.now())));
    Set<Subject> found = new HashSet<>();
    time.advance(Duration.ofSeconds(11));
    for (List<Hint> some = look(queue); !some.isEmpty(); some = look(queue)) {
      found.addAll(subjects(some));
      queue.ack(some);
    }
    assertThat(found).isEqualTo(offered);
  }

  private void disturb(RandomGenerator random) {
    switch (random.nextInt(100)) {
      case 0 -> line.cut();
      case 1 -> line.silence();
      case 2 -> line.loseAnswers(1 + random.nextInt(3));
      case 3 -> line.slow(Duration.ofMillis(random.nextInt(5)), 1 + random.nextInt(500));
      case 4 -> line.reset();
      default -> {
        if (random.nextInt(10) == 0) {
          line.heal();
        }
      }
    }
  }
}

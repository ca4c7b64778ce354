package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.derive;
import static dev.hfsm.redis.Hints.inspect;
import static dev.hfsm.redis.Hints.inspection;
import static dev.hfsm.redis.Hints.look;
import static dev.hfsm.redis.Hints.subjects;
import static dev.hfsm.redis.Hints.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hfsm.error.QueueException;
import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
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
@Timeout(1200)
class FaultyLineTest {

  /** For lines that are dead without a word: somebody has to wait for that. */
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private static final Duration REDELIVERY = Duration.ofHours(1);
  private static final int OPERATIONS = 2_000;

  private final FaultyLine line = new FaultyLine(RunningRedis.shared().port());
  private final SetForward time = new SetForward();
  private final String prefix = RunningRedis.prefix();

  /** Gives up in no test because something else was busy. */
  private final RedisWorkQueue queue = queue(line.uri(), Hints.PATIENCE);

  /** Gives up soon, and may always do so. */
  private final RedisWorkQueue hasty = queue(line.uri(), TIMEOUT);

  /** Past the line. */
  private final RedisWorkQueue direct = queue(RunningRedis.shared().uri(), Hints.PATIENCE);

  private RedisWorkQueue queue(String uri, Duration timeout) {
    return time.queue(
        RedisWorkQueue.builder().uri(uri).prefix(prefix).timeout(timeout).redelivery(REDELIVERY));
  }

  @AfterEach
  void close() {
    line.heal();
    line.reset(); // nobody has to wait for what was lost
    queue.close();
    hasty.close();
    direct.close();
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
    offerInTheEnd(hasty, inspect("before"));
    line.silence();
    assertThatThrownBy(() -> hasty.offer(List.of(inspect("a"))))
        .isInstanceOf(QueueException.class)
        .hasMessageContaining("no answer within 500 ms");
    // An offer that waits in vain learns of a trouble of its own; the others are told what is
    // known.
    Set<Throwable> troubles = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 100; i++) {
      QueueException e =
          catchThrowableOfType(QueueException.class, () -> hasty.offer(List.of(inspect("b"))));
      assertThat(e).isNotNull();
      troubles.add(e.getCause());
    }
    assertThat(troubles).as("what became known in the course of 100 offers").hasSizeLessThan(50);
    line.heal();
    offerInTheEnd(hasty, derive("c"));
    assertThat(subjects(look(direct)))
        .containsExactlyInAnyOrder(inspection("before"), Hints.variant("c"));
  }

  @Test
  void aPollWhoseAnswerWasLostCostsARedeliveryAndNoHint() {
    offerInTheEnd(queue, inspect("a"));
    line.loseAnswers(1);
    assertThatThrownBy(() -> look(queue)).isInstanceOf(QueueException.class);
    assertThat(line.answersLost()).isEqualTo(1);
    assertThat(look(direct)).isEmpty();
    time.advance(REDELIVERY.plusSeconds(1));
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
    CompletableFuture<List<Hint>> poll = waiting(hasty);
    line.silence();
    hasty.ack(List.of(inspect("a")));
    hasty.close();
    assertThat(endOf(poll)).isEmpty();
    hasty.offer(List.of(inspect("a")));
    hasty.ack(List.of(inspect("a")));
  }

  /** Of one that looked once more just then, and heard of the line before it heard of the close. */
  private static List<Hint> endOf(CompletableFuture<List<Hint>> poll) {
    return poll.exceptionally(
            e -> {
              assertThat(Faults.bare(e)).isInstanceOf(QueueException.class);
              return List.of();
            })
        .join();
  }

  @Test
  void aRedisThatCameBackEmptyIsUsedAsItIs() {
    try (RunningRedis redis = RunningRedis.with();
        RedisWorkQueue over =
            RedisWorkQueue.builder().uri(redis.uri()).timeout(Hints.PATIENCE).open()) {
      over.offer(List.of(inspect("lost")));
      assertThat(look(over)).hasSize(1);
      CompletableFuture<List<Hint>> poll = waiting(over);
      redis.stop();
      assertThatThrownBy(poll::join).hasCauseInstanceOf(QueueException.class);
      redis.start();
      assertThat(lookInTheEnd(over)).isEmpty();
      CompletableFuture<List<Hint>> again = waiting(over);
      offerInTheEnd(over, inspect("a"));
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
            hasty.offer(List.of(hint));
          }
          case 2 -> taken.addAll(hasty.poll(1 + random.nextInt(5), Duration.ZERO));
          default -> hasty.ack(List.copyOf(taken));
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
    offered.forEach(subject -> offerInTheEnd(hasty, Hints.at(subject, Instant.now())));
    Set<Subject> found = new HashSet<>();
    time.advance(REDELIVERY.plusSeconds(1));
    for (List<Hint> some = look(direct); !some.isEmpty(); some = look(direct)) {
      found.addAll(subjects(some));
      direct.ack(some);
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

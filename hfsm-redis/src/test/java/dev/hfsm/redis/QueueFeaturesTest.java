package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.LONG;
import static dev.hfsm.redis.Hints.PATIENCE;
import static dev.hfsm.redis.Hints.at;
import static dev.hfsm.redis.Hints.derive;
import static dev.hfsm.redis.Hints.inspect;
import static dev.hfsm.redis.Hints.inspection;
import static dev.hfsm.redis.Hints.inspections;
import static dev.hfsm.redis.Hints.look;
import static dev.hfsm.redis.Hints.subjects;
import static dev.hfsm.redis.Hints.variant;
import static dev.hfsm.redis.Hints.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.Rate;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a queue in Redis can do beyond the contract, over several nodes. */
@Timeout(600)
class QueueFeaturesTest {

  private static final Duration REDELIVERY = Duration.ofHours(1);

  private final SetForward time = new SetForward();
  private final String prefix = RunningRedis.prefix();
  private final List<RedisWorkQueue> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(RedisWorkQueue::close);
  }

  private RedisQueueBuilder builder() {
    return RedisWorkQueue.builder()
        .uri(RunningRedis.shared().uri())
        .prefix(prefix)
        .timeout(PATIENCE)
        .redelivery(REDELIVERY);
  }

  /** Another node. */
  private RedisWorkQueue node() {
    return node(builder());
  }

  private RedisWorkQueue node(RedisQueueBuilder builder) {
    RedisWorkQueue queue = time.queue(builder);
    open.add(queue);
    return queue;
  }

  @Test
  void aLimitGoesOnThoughTheServersClockWasAheadWhenItsWindowBegan() {
    RedisWorkQueue queue = node();
    queue.limit(WorkKind.INSPECT, new Rate(1, Duration.ofSeconds(1)));
    long ahead = Instant.now().plus(Duration.ofHours(1)).toEpochMilli();
    RunningRedis.shared()
        .ask(redis -> redis.hset("{" + prefix + "}:rules", "inspect:window", ahead + " 1"));
    queue.offer(List.of(inspect("a")));
    assertThat(queue.poll(1, Duration.ofMinutes(2))).hasSize(1);
  }

  @Test
  void whatOneNodeOffersWakesAPollOfAnother() {
    CompletableFuture<List<Hint>> poll = waiting(node());
    Hint hint = derive("a");
    node().offer(List.of(hint));
    assertThat(poll.join()).containsExactly(hint);
  }

  @Test
  void whatIsDueNowIsDueAtOnceHoweverFinelyTheClockTells() {
    Instant now = Instant.parse("2026-11-28T10:00:00.000500Z");
    try (RedisWorkQueue queue = builder().unchecked(() -> now, () -> Duration.ZERO)) {
      queue.offer(
          List.of(
              new Hint(inspection("due"), now, 0),
              new Hint(inspection("not yet"), now.plusNanos(1), 0)));
      assertThat(queue.stats(WorkKind.INSPECT).ready()).isEqualTo(1);
      assertThat(queue.stats(WorkKind.INSPECT).later()).isEqualTo(1);
    }
  }

  @Test
  void workMaySkipAQueueThatIsKnownToHoldNothingBack() {
    RedisWorkQueue queue = node();
    RedisWorkQueue other = node();
    assertThat(queue.maySkip(WorkKind.INSPECT)).as("before it is known").isFalse();
    look(queue);
    assertThat(queue.maySkip(WorkKind.INSPECT)).isTrue();
    assertThat(queue.maySkip(WorkKind.DERIVE)).isTrue();
    other.pause(WorkKind.INSPECT);
    look(queue);
    assertThat(queue.maySkip(WorkKind.INSPECT)).isFalse();
    assertThat(queue.maySkip(WorkKind.DERIVE)).isTrue();
    other.limit(WorkKind.DERIVE, Rate.perSecond(5));
    other.resume(WorkKind.INSPECT);
    look(queue);
    assertThat(queue.maySkip(WorkKind.INSPECT)).isTrue();
    assertThat(queue.maySkip(WorkKind.DERIVE)).isFalse();
  }

  @Test
  void aPollThatWaitsHearsOfARuleAtOnce() {
    RedisWorkQueue queue = node();
    CompletableFuture<List<Hint>> poll = waiting(queue);
    assertThat(queue.maySkip(WorkKind.INSPECT)).isTrue();
    node().pause(WorkKind.INSPECT);
    while (queue.maySkip(WorkKind.INSPECT)) {
      Thread.onSpinWait(); // until the time-out of this test
    }
    node().offer(List.of(derive("a")));
    assertThat(poll.join()).hasSize(1);
  }

  @Test
  void whatIsNotAcknowledgedIsGivenOutAgain() {
    RedisWorkQueue queue = node();
    List<Hint> hints = List.of(inspect("a"), derive("a"), derive("b"));
    queue.offer(hints);
    List<Hint> first = look(queue);
    assertThat(first).containsExactlyInAnyOrderElementsOf(hints);
    queue.ack(List.of(first.get(0)));
    time.advance(REDELIVERY.dividedBy(2));
    assertThat(look(queue)).isEmpty();
    time.advance(REDELIVERY.dividedBy(2).plusSeconds(1));
    assertThat(look(queue)).containsExactlyElementsOf(first.subList(1, 3));
    assertThat(queue.stats(WorkKind.DERIVE).redelivered()).isPositive();
  }

  @Test
  void aPollThatWaitsIsGivenWhatAnotherNodeHasNotAcknowledged() {
    Duration soon = Duration.ofMillis(200);
    RedisWorkQueue lost =
        node(
            RedisWorkQueue.builder()
                .uri(RunningRedis.shared().uri())
                .prefix(prefix)
                .timeout(PATIENCE)
                .redelivery(soon));
    lost.offer(List.of(inspect("a")));
    assertThat(look(lost)).hasSize(1);
    assertThat(subjects(node().poll(1, LONG))).containsExactly(inspection("a"));
  }

  @Test
  void whatIsGivenOutAgainIsMergedWithWhatWasOfferedMeanwhile() {
    RedisWorkQueue queue = node();
    queue.offer(List.of(inspect("a")));
    assertThat(look(queue)).hasSize(1);
    queue.offer(List.of(new Hint(inspection("a"), Instant.now().plus(Duration.ofDays(1)), 5)));
    time.advance(REDELIVERY.plusSeconds(1));
    List<Hint> again = look(queue);
    assertThat(again).hasSize(1);
    assertThat(again.get(0).priority()).isEqualTo(5);
    queue.ack(again);
    time.advance(Duration.ofDays(2));
    assertThat(look(queue)).isEmpty();
  }

  @Test
  void aKindThatIsPausedIsKeptOnEveryNodeUntilItIsResumed() {
    RedisWorkQueue here = node();
    RedisWorkQueue there = node();
    here.pause(WorkKind.DERIVE);
    there.offer(List.of(derive("a"), inspect("b")));
    assertThat(subjects(look(there))).containsExactly(inspection("b"));
    assertThat(look(here)).isEmpty();
    assertThat(there.paused()).containsExactly(WorkKind.DERIVE);
    CompletableFuture<List<Hint>> poll = waiting(here);
    there.resume(WorkKind.DERIVE);
    assertThat(subjects(poll.join())).containsExactly(variant("a"));
    assertThat(here.paused()).isEmpty();
  }

  @Test
  void aLimitHoldsOverAllNodesAndForItsKindAlone() {
    RedisWorkQueue here = node();
    RedisWorkQueue there = node();
    here.limit(WorkKind.DERIVE, new Rate(3, Duration.ofHours(1)));
    IntStream.range(0, 8).forEach(i -> here.offer(List.of(derive("" + i), inspect("" + i))));
    List<Hint> given = new ArrayList<>(here.poll(2, Duration.ZERO));
    given.addAll(look(there));
    given.addAll(look(here));
    assertThat(given).filteredOn(hint -> hint.subject().kind() == WorkKind.DERIVE).hasSize(3);
    assertThat(given).filteredOn(hint -> hint.subject().kind() == WorkKind.INSPECT).hasSize(8);
    here.ack(given);
    time.advance(Duration.ofMinutes(61));
    assertThat(look(here)).hasSize(3);
    assertThat(look(there)).isEmpty();
    assertThat(there.stats(WorkKind.DERIVE).limit()).isEqualTo(new Rate(3, Duration.ofHours(1)));
    here.unlimit(WorkKind.DERIVE);
    assertThat(look(there)).hasSize(2);
    assertThat(there.stats(WorkKind.DERIVE).limit()).isNull();
  }

  @Test
  void aPollUnderALimitIsWokenWhenTheWindowIsOver() {
    RedisWorkQueue queue = node();
    queue.limit(WorkKind.INSPECT, new Rate(1, Duration.ofMillis(300)));
    queue.offer(inspections(2));
    assertThat(look(queue)).hasSize(1);
    assertThat(queue.poll(1, LONG)).hasSize(1);
  }

  @Test
  void ofManyHintsNoMoreAreKeptThanWereAllowedAndTheQueueGoesOn() {
    RedisWorkQueue queue = node(builder().maxHints(10));
    queue.offer(inspections(25));
    KindStats stats = queue.stats(WorkKind.INSPECT);
    assertThat(stats.ready()).isEqualTo(10);
    assertThat(stats.dropped()).isEqualTo(15);
    assertThat(look(queue)).hasSize(10);
    queue.offer(inspections(25));
    assertThat(look(queue)).as("what was taken counts until it is acknowledged").isEmpty();
    time.advance(REDELIVERY.plusSeconds(1));
    queue.ack(look(queue));
    queue.offer(inspections(25));
    assertThat(look(queue)).hasSize(10);
  }

  @Test
  void hintsForLaterDoNotKeepOutWhatIsDue() {
    RedisWorkQueue queue = node(builder().maxHints(10));
    for (int i = 0; i < 10; i++) {
      queue.offer(List.of(at(inspection("later " + i), Instant.now().plusSeconds(3600 + i))));
    }
    queue.offer(List.of(inspect("now"), inspect("too")));
    assertThat(subjects(look(queue)))
        .containsExactlyInAnyOrder(inspection("now"), inspection("too"));
    assertThat(queue.stats(WorkKind.INSPECT).later()).isEqualTo(8);
  }

  @Test
  void oneKindThatIsFullDoesNotKeepOutTheOther() {
    RedisWorkQueue queue = node(builder().maxHints(10));
    queue.pause(WorkKind.INSPECT);
    queue.offer(inspections(25));
    queue.offer(List.of(derive("a")));
    assertThat(subjects(look(queue))).containsExactly(variant("a"));
  }

  @Test
  void nodesNeedNotAgreeWithRedisAboutTheTime() {
    Duration ahead = Duration.ofHours(5);
    RedisWorkQueue fast = builder().unchecked(() -> Instant.now().plus(ahead), () -> Duration.ZERO);
    open.add(fast);
    Instant now = Instant.now().plus(ahead);
    fast.offer(
        List.of(
            at(inspection("due"), now),
            at(inspection("soon"), now.plusMillis(300)),
            at(inspection("later"), now.plus(Duration.ofHours(1)))));
    RedisWorkQueue right = node();
    List<Subject> found = new ArrayList<>();
    while (found.size() < 2) {
      found.addAll(subjects(right.poll(1, LONG)));
    }
    assertThat(found).containsExactly(inspection("due"), inspection("soon"));
    assertThat(look(right)).isEmpty();
    time.advance(Duration.ofMinutes(61));
    assertThat(subjects(look(right))).contains(inspection("later"));
  }

  @Test
  void aServerThatHasForgottenTheScriptsIsToldThemAgain() {
    RedisWorkQueue queue = node();
    queue.offer(List.of(inspect("a")));
    RunningRedis.shared().ask(redis -> redis.scriptFlush());
    List<Hint> found = look(queue);
    assertThat(found).hasSize(1);
    RunningRedis.shared().ask(redis -> redis.scriptFlush());
    queue.ack(found);
    time.advance(REDELIVERY.plusSeconds(1));
    assertThat(look(queue)).isEmpty();
  }

  @Test
  void whateverKeyIsEvictedHintsFlowAgainWhenTheyAreOffered() {
    for (String key : new Keys(prefix).all()) {
      RedisWorkQueue queue = node(builder().maxHints(4));
      List<Hint> hints = List.of(inspect("a"), inspect("b"), derive("a"));
      Hint later = at(variant("b"), Instant.now().plusSeconds(600));
      queue.offer(hints);
      queue.offer(List.of(later));
      queue.poll(1, Duration.ZERO);
      RunningRedis.shared().ask(redis -> redis.del(key));
      look(queue);
      queue.offer(hints);
      queue.offer(List.of(later));
      time.advance(REDELIVERY.plusSeconds(1));
      List<Hint> found = look(queue);
      assertThat(subjects(found))
          .as("after %s was evicted", key)
          .containsExactlyInAnyOrder(inspection("a"), inspection("b"), variant("a"), variant("b"));
      queue.ack(found);
      assertThat(look(queue)).isEmpty();
    }
  }

  @Test
  void whatIsCountedAddsUp() {
    RedisWorkQueue queue = node();
    queue.offer(List.of(derive("a"), derive("b"), derive("c")));
    queue.offer(List.of(derive("a"), at(variant("d"), Instant.now().plusSeconds(3600))));
    queue.ack(queue.poll(2, Duration.ZERO));
    queue.poll(1, Duration.ZERO);
    assertThat(queue.stats(WorkKind.DERIVE))
        .isEqualTo(new KindStats(0, 1, 1, 5, 1, 0, 3, 0, 2, KindStats.State.OPEN, null));
    assertThat(queue.stats(WorkKind.INSPECT))
        .isEqualTo(new KindStats(0, 0, 0, 0, 0, 0, 0, 0, 0, KindStats.State.OPEN, null));
  }

  @Test
  void manyThreadsThatOfferAtOnceLoseNothing() throws Exception {
    RedisWorkQueue queue = node();
    int threads = 20;
    List<CompletableFuture<Void>> offers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int mine = t;
      offers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 50; i++) {
                  queue.offer(List.of(inspect(mine + " " + i)));
                }
              }));
    }
    CompletableFuture.allOf(offers.toArray(CompletableFuture<?>[]::new)).get(2, TimeUnit.MINUTES);
    assertThat(queue.stats(WorkKind.INSPECT).ready()).isEqualTo(threads * 50L);
  }

  @Test
  void aClientOfTheHostStaysOpen() {
    RedisURI uri = RedisURI.create(RunningRedis.shared().uri());
    RedisClient client = RedisClient.create();
    try (RedisWorkQueue queue =
        RedisWorkQueue.builder().client(client, uri).prefix(prefix).timeout(PATIENCE).open()) {
      queue.offer(List.of(inspect("a")));
      assertThat(look(queue)).hasSize(1);
    }
    try (StatefulRedisConnection<String, String> connection = client.connect(uri)) {
      assertThat(connection.sync().ping()).isEqualTo("PONG");
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }
}

package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.LONG;
import static dev.hfsm.redis.Hints.PATIENCE;
import static dev.hfsm.redis.Hints.inspect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What hints cost Redis that one node offers and another acts upon, one after the other. */
@Timeout(600)
class ScriptCountTest {

  private static final Pattern CALLS = Pattern.compile("cmdstat_evalsha:calls=([0-9]+)");
  private static final int HINTS = 200;

  private static long scripts(RunningRedis redis) {
    Matcher calls = CALLS.matcher(redis.ask(asked -> asked.info("commandstats")));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }

  /** Slow answers are waited for, and no hint comes a second time. */
  private static RedisWorkQueue node(RunningRedis redis) {
    return RedisWorkQueue.builder()
        .uri(redis.uri())
        .timeout(PATIENCE)
        .redelivery(Duration.ofMinutes(10))
        .open();
  }

  @Test
  void aHintCostsAnOfferAndAPollAndItsAcknowledgementGoesWithTheNext() {
    try (RunningRedis redis = RunningRedis.with();
        RedisWorkQueue offers = node(redis);
        RedisWorkQueue works = node(redis)) {
      works.poll(1, Duration.ZERO);
      long before = scripts(redis);
      long start = System.nanoTime();
      for (int i = 0; i < HINTS; i++) {
        offers.offer(List.of(inspect("asset " + i)));
        List<Hint> polled = works.poll(100, LONG);
        assertThat(polled).hasSize(1);
        works.ack(polled);
      }
      long scripts = scripts(redis) - before;
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      // The longer it takes, the more often somebody looks unasked or acknowledges by itself.
      long unasked = millis / 1000 + millis / 100 + 10;
      assertThat(scripts).isBetween(2L * HINTS, 2L * HINTS + unasked);
      KindStats stats = works.stats(WorkKind.INSPECT);
      assertThat(stats.acknowledged()).isEqualTo(HINTS);
      assertThat(stats.taken()).isZero();
    }
  }
}

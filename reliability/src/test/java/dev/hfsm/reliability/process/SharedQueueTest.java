package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.model.AssetId;
import dev.hfsm.redis.RedisWorkQueue;
import dev.hfsm.reliability.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Worker JVMs that share PostgreSQL and a Redis that loses what it holds. */
@Timeout(3600)
class SharedQueueTest {

  /** How often a node offers again what is owed. */
  private static final Duration RECONCILE = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final List<String> wrong = new ArrayList<>();

  enum Trouble {
    /** FLUSHALL, again and again, for as long as there is load. */
    FLUSHED {
      @Override
      AutoCloseable begin(Redis redis) {
        return redis.flushing();
      }
    },
    /** Stopped, and started with nothing when the load is over. */
    RESTARTED {
      @Override
      AutoCloseable begin(Redis redis) {
        redis.stop();
        return redis::startAgain;
      }
    },
    /** Stopped for good. */
    GONE {
      @Override
      AutoCloseable begin(Redis redis) {
        redis.stop();
        return () -> {};
      }
    };

    /** Begins; closing what it gives ends what has an end. */
    abstract AutoCloseable begin(Redis redis);
  }

  private static Child worker(Site site, Redis redis) {
    return Child.start(
        QueueWorkerChild.class,
        Stream.concat(site.arguments().stream(), Stream.of(redis.uri())).toList());
  }

  private static void awaitReady(Child... workers) {
    List.of(workers).forEach(worker -> worker.await("ready", Factory.PATIENCE));
  }

  private static List<String> lines(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> name + " " + i).toList();
  }

  @Test
  void whatAKilledWorkerLeavesIsDoneByTheOther() {
    Proof proof = Proof.of("e5", "two workers share a queue in Redis, one is killed");
    int half = Proof.inShortOrLong(50, 1000);
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    int assets;
    long here;
    long there;
    try (Redis redis = Redis.start();
        Node node = Node.open(site, 6);
        RedisWorkQueue queue = RedisWorkQueue.builder().uri(redis.uri()).open();
        AssetPipeline asking = node.pipeline().queue(queue).transformer(new Toys()).build();
        Child killed = worker(site, redis);
        Child left = worker(site, redis)) {
      awaitReady(killed, left);
      List<AssetId> ids = new ArrayList<>(Factory.wanted(asking, lines("before", half)));
      ids.addAll(wantedUntilHeardOf(killed, asking));
      killed.kill();
      ids.addAll(Factory.wanted(asking, lines("after", half)));
      Audit audit = new Audit(node);
      wrong.addAll(audit.stranded(Factory.PATIENCE));
      wrong.addAll(audit.lost(ids));
      wrong.addAll(audit.rowsWithoutBytes());
      assets = ids.size();
      here = killed.rest().size();
      left.say("end");
      assertThat(left.exit(Factory.PATIENCE)).isZero();
      there = left.rest().size();
    }
    proof
        .ran("%d assets with a variant each; steps of the two: %d and %d", assets, here, there)
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
    assertThat(here).as("steps of the first worker").isPositive();
    assertThat(there).as("steps of the second worker").isGreaterThanOrEqualTo(2L * half);
  }

  /** Brings more in until a worker has had a share: it may have stood still all the time. */
  private static List<AssetId> wantedUntilHeardOf(Child worker, AssetPipeline asking) {
    List<AssetId> ids = new ArrayList<>();
    long deadline = System.nanoTime() + Factory.PATIENCE.toNanos();
    while (!worker.hasMoreToTell() && System.nanoTime() < deadline) {
      ids.addAll(Factory.wanted(asking, List.of("one more " + ids.size())));
    }
    return ids;
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void aRedisThatLosesEverythingCostsAReconcileIntervalAtMost(Trouble trouble) throws Exception {
    String name = trouble.name().toLowerCase(Locale.ROOT);
    Proof proof = Proof.of("e6", "Redis is " + name + " under load");
    int count = Proof.inShortOrLong(100, 2000);
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    Duration took;
    try (Redis redis = Redis.start();
        Node node = Node.open(site, 6);
        RedisWorkQueue queue = RedisWorkQueue.builder().uri(redis.uri()).open();
        AssetPipeline asking = node.pipeline().queue(queue).transformer(new Toys()).build();
        Child one = worker(site, redis);
        Child two = worker(site, redis)) {
      awaitReady(one, two);
      List<AssetId> ids;
      try (AutoCloseable during = trouble.begin(redis)) {
        ids = lines(name, count).stream().map(line -> ingest(asking, line)).toList();
      }
      long last = System.nanoTime();
      Audit audit = new Audit(node);
      wrong.addAll(audit.stranded(Factory.PATIENCE));
      took = Duration.ofNanos(System.nanoTime() - last);
      wrong.addAll(audit.lost(ids));
      one.kill();
      two.kill();
    }
    proof
        .ran("%d assets; the last was inspected %d ms after it came", count, took.toMillis())
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
    Proof.requireInLongMode("the last inspection", took, RECONCILE.multipliedBy(3));
  }

  private static AssetId ingest(AssetPipeline asking, String line) {
    return asking.ingest(Upload.of(Toys.toy(line)).as(line)).id();
  }
}

package dev.hfsm.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.Upload;
import dev.hfsm.jdbc.JdbcLedger;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.TransformerId;
import dev.hfsm.redis.RedisWorkQueue;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Uploads that two nodes take in and inspect, over a durable PostgreSQL alone and over PostgreSQL
 * and Redis, in one run; rounds take turns and each other one begins with the other, the median is
 * told. The work itself takes no time, objects are in memory: {@code java -cp benchmarks.jar
 * dev.hfsm.benchmarks.RedisEndToEnd [redis-server]}.
 */
public final class RedisEndToEnd {

  private static final int UPLOADS = Integer.getInteger("uploads", 3000);
  private static final int THREADS = 8;
  private static final int ROUNDS = Integer.getInteger("rounds", 5);

  /** Until then the compiler is busier than the nodes. */
  private static final int WARM_UPS = Integer.getInteger("warmups", 2);

  private static final int CONNECTIONS = 12;

  private final DurableServer database;
  private final DurableRedis redis;
  private final Workbench bench;
  private final AtomicInteger next = new AtomicInteger();

  private RedisEndToEnd(DurableServer database, DurableRedis redis, Workbench bench) {
    this.database = database;
    this.redis = redis;
    this.bench = bench;
  }

  private enum Medium {
    POSTGRESQL,
    POSTGRESQL_AND_REDIS
  }

  /** Runs all of it. */
  public static void main(String[] arguments) throws Exception {
    String program = arguments.length > 0 ? arguments[0] : "redis-server";
    try (DurableServer database = DurableServer.start();
        DurableRedis redis = DurableRedis.start(program, "everysec");
        Workbench bench = new Workbench()) {
      RedisEndToEnd run = new RedisEndToEnd(database, redis, bench);
      double[][] rates = new double[2][ROUNDS];
      for (int round = -WARM_UPS; round < ROUNDS; round++) {
        for (Medium medium : inTurn(round)) {
          Duration cpu = cpu();
          double rate = run.perSecond(medium);
          System.out.printf(
              Locale.ROOT,
              "round %d, %s: %.0f/s, %d us of this process for each%n",
              round,
              medium,
              rate,
              cpu().minus(cpu).toNanos() / 1000 / UPLOADS);
          if (round >= 0) {
            rates[medium.ordinal()][round] = rate;
          }
        }
      }
      print("PostgreSQL", rates[0]);
      print("PostgreSQL and Redis", rates[1]);
      double[] ratios =
          IntStream.range(0, ROUNDS).mapToDouble(i -> rates[1][i] / rates[0][i]).toArray();
      System.out.printf(
          Locale.ROOT,
          "%.2f x by the medians; by round %s%n",
          median(rates[1]) / median(rates[0]),
          Arrays.stream(ratios).mapToObj("%.2f"::formatted).toList());
    }
  }

  /** What both nodes and the uploads have used; on a busy machine it says more than the clock. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Neither is always the first, for which the machine may be warmer or colder. */
  private static List<Medium> inTurn(int round) {
    return round % 2 == 0
        ? List.of(Medium.POSTGRESQL, Medium.POSTGRESQL_AND_REDIS)
        : List.of(Medium.POSTGRESQL_AND_REDIS, Medium.POSTGRESQL);
  }

  private double perSecond(Medium medium) throws Exception {
    CountDownLatch described = new CountDownLatch(UPLOADS);
    InMemoryBlobStore blobs = new InMemoryBlobStore();
    try (AssetPipeline one = node(medium, blobs, described);
        AssetPipeline two = node(medium, blobs, described)) {
      List<AssetPipeline> nodes = List.of(one, two);
      ExecutorService executor = Executors.newFixedThreadPool(THREADS);
      long start = System.nanoTime();
      List<Future<?>> uploads =
          IntStream.range(0, UPLOADS)
              .<Future<?>>mapToObj(
                  i ->
                      executor.submit(
                          () -> nodes.get(i % nodes.size()).ingest(Upload.of(content()))))
              .toList();
      for (Future<?> upload : uploads) {
        upload.get();
      }
      described.await();
      executor.shutdown();
      return UPLOADS / ((System.nanoTime() - start) / 1e9);
    }
  }

  private byte[] content() {
    return ByteBuffer.allocate(8).putInt(0xCAFE).putInt(next.incrementAndGet()).array();
  }

  /** A node with connections of its own, all closed with it. */
  private AssetPipeline node(Medium medium, InMemoryBlobStore blobs, CountDownLatch described) {
    HikariDataSource pool = database.pool(CONNECTIONS);
    JdbcLedger ledger = JdbcLedger.create(pool);
    PipelineBuilder builder =
        AssetPipeline.builder()
            .ledger(ledger)
            .blobs(blobs)
            .spool(bench.folder())
            .transformer(new Idle())
            .listener(
                (asset, transition) -> {
                  if (transition.event() == AssetEvent.DESCRIBED) {
                    described.countDown();
                  }
                });
    if (medium == Medium.POSTGRESQL_AND_REDIS) {
      RedisWorkQueue queue = RedisWorkQueue.builder().uri(redis.uri()).open();
      builder.queue(queue).closing(queue);
    }
    return builder.closing(ledger).closing(pool).start();
  }

  private static void print(String name, double[] rates) {
    System.out.printf(
        Locale.ROOT,
        "%-24s %8.0f/s %s%n",
        name,
        median(rates),
        Arrays.toString(Arrays.stream(rates).mapToLong(Math::round).toArray()));
  }

  private static double median(double[] rates) {
    double[] sorted = rates.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Learns nothing, at once. */
  private static final class Idle implements Transformer {
    @Override
    public TransformerId id() {
      return new TransformerId("idle", 1);
    }

    @Override
    public boolean inspects(MediaType source) {
      return true;
    }

    @Override
    public boolean accepts(MediaType source, Transformation resolved) {
      return false;
    }

    @Override
    public Facts inspect(Source source, Budget budget) {
      return Facts.NONE;
    }

    @Override
    public List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
      throw new IllegalStateException("nobody asked for a variant");
    }
  }
}

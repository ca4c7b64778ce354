package dev.hfsm.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.benchmarks.TwoNodes.Layout;
import dev.hfsm.benchmarks.TwoNodes.Medium;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Uploads that two nodes take in and inspect, over a durable PostgreSQL alone and over PostgreSQL
 * and Redis, in one run; rounds take turns and each other one begins with the other, the median is
 * told. First how many a second, then how long from the acknowledgement of an upload to the first
 * line of its work at 200 a second. The work itself takes no time, objects are in memory: {@code
 * java -Dlayout=APART -cp benchmarks.jar dev.hfsm.benchmarks.RedisEndToEnd [redis-server]}.
 *
 * <p>Pick-ups count once a pair of nodes has worked for as long as claims wait for the flush of the
 * database's log. After each round the same round trips are measured bare ({@link BareHint}), with
 * a flush and without.
 *
 * <p>{@code layout} is {@code ALIKE}, where both nodes do both, or {@code APART}, where one takes
 * in and the other works, so that everything is told by one node to another. {@code workers},
 * {@code rounds}, {@code warmups}, {@code uploads} of a round and {@code pickups} of a round (none:
 * 0) are numbers.
 */
public final class RedisEndToEnd {

  private static final Layout LAYOUT = Layout.valueOf(System.getProperty("layout", "ALIKE"));
  private static final int WORKERS = Integer.getInteger("workers", 2);
  private static final int UPLOADS = Integer.getInteger("uploads", 3000);
  private static final int PICK_UPS = Integer.getInteger("pickups", 600);
  private static final int ROUNDS = Integer.getInteger("rounds", 5);

  /** Until then the compiler is busier than the nodes. */
  private static final int WARM_UPS = Integer.getInteger("warmups", 2);

  /** Of each round, not counted: until they are through, connections are opened. */
  private static final int FIRST_FEW = 100;

  /** Of a round of pick-ups, not counted: for so long, in seconds, a ledger flushes its claims. */
  private static final int UNTIL_CALM = Integer.getInteger("untilCalm", 31);

  private static final int THREADS = 8;
  private static final int RATE = 200;

  private final DurableServer database;
  private final DurableRedis redis;
  private final Workbench bench;
  private int next;

  private RedisEndToEnd(DurableServer database, DurableRedis redis, Workbench bench) {
    this.database = database;
    this.redis = redis;
    this.bench = bench;
  }

  /** Runs all of it. */
  public static void main(String[] arguments) throws Exception {
    String program = arguments.length > 0 ? arguments[0] : "redis-server";
    try (DurableServer database = DurableServer.start();
        DurableRedis redis = DurableRedis.start(program, "everysec");
        Workbench bench = new Workbench()) {
      RedisEndToEnd run = new RedisEndToEnd(database, redis, bench);
      System.out.printf("%s, workers of a node: %d%n", LAYOUT, WORKERS);
      run.rates();
      if (PICK_UPS > 0) {
        run.pickUps();
      }
    }
  }

  private void rates() throws Exception {
    Map<Medium, double[]> rates = new EnumMap<>(Medium.class);
    for (int round = -WARM_UPS; round < ROUNDS; round++) {
      for (Medium medium : inTurn(round)) {
        double rate = perSecond(round, medium);
        if (round >= 0) {
          rates.computeIfAbsent(medium, m -> new double[ROUNDS])[round] = rate;
        }
      }
    }
    rates.forEach(
        (medium, found) ->
            System.out.printf(
                Locale.ROOT,
                "%-24s %8.0f/s %s%n",
                medium,
                median(found),
                Arrays.toString(Arrays.stream(found).mapToLong(Math::round).toArray())));
    double[] with = rates.get(Medium.POSTGRESQL_AND_REDIS);
    double[] without = rates.get(Medium.POSTGRESQL);
    System.out.printf(
        Locale.ROOT,
        "%.2f x by the medians; by round %s%n",
        median(with) / median(without),
        IntStream.range(0, ROUNDS).mapToObj(i -> "%.2f".formatted(with[i] / without[i])).toList());
  }

  /**
   * What was used so far; on a busy machine it says more than the clock.
   *
   * @param nodes processor time of both nodes and the uploads
   * @param redis processor time of Redis
   * @param scripts how many ran in Redis
   */
  private record Used(Duration nodes, Duration redis, long scripts) {

    String since(Used before, double uploads) {
      return "%.0f us of the nodes and %.0f us of Redis, %.2f scripts"
          .formatted(
              nodes.minus(before.nodes).toNanos() / 1000 / uploads,
              redis.minus(before.redis).toNanos() / 1000 / uploads,
              (scripts - before.scripts) / uploads);
    }
  }

  private Used used() throws IOException {
    Duration nodes = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return new Used(nodes, redis.cpu(), redis.scripts());
  }

  /** Neither is always the first, for which the machine may be warmer or colder. */
  private static List<Medium> inTurn(int round) {
    return round % 2 == 0
        ? List.of(Medium.POSTGRESQL, Medium.POSTGRESQL_AND_REDIS)
        : List.of(Medium.POSTGRESQL_AND_REDIS, Medium.POSTGRESQL);
  }

  private TwoNodes nodes(Medium medium, int uploads) {
    int first = next;
    next += uploads;
    return new TwoNodes(database, redis.uri(), bench, medium, LAYOUT, WORKERS, first, uploads);
  }

  private double perSecond(int round, Medium medium) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try (TwoNodes nodes = nodes(medium, FIRST_FEW + UPLOADS)) {
      bringIn(nodes, executor, 0, FIRST_FEW);
      nodes.await(FIRST_FEW);
      Used before = used();
      long start = System.nanoTime();
      bringIn(nodes, executor, FIRST_FEW, UPLOADS);
      nodes.await(FIRST_FEW + UPLOADS);
      double rate = UPLOADS / ((System.nanoTime() - start) / 1e9);
      System.out.printf(
          Locale.ROOT,
          "round %d, %s: %.0f/s; each: %s%n",
          round,
          medium,
          rate,
          used().since(before, UPLOADS));
      return rate;
    } finally {
      executor.shutdown();
    }
  }

  private static void bringIn(TwoNodes nodes, ExecutorService executor, int from, int count)
      throws Exception {
    List<Future<?>> uploads = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      int number = i;
      uploads.add(executor.submit(() -> nodes.ingest(number)));
    }
    for (Future<?> upload : uploads) {
      upload.get();
    }
  }

  private void pickUps() throws Exception {
    Map<Medium, double[]> middle = new EnumMap<>(Medium.class);
    Map<Medium, double[]> late = new EnumMap<>(Medium.class);
    for (int round = 0; round < ROUNDS; round++) {
      for (Medium medium : inTurn(round)) {
        long[] micros = pickingUp(medium);
        middle.computeIfAbsent(medium, m -> new double[ROUNDS])[round] = share(micros, 0.5);
        late.computeIfAbsent(medium, m -> new double[ROUNDS])[round] = share(micros, 0.99);
      }
      bare(round);
    }
    for (Medium medium : Medium.values()) {
      printMicros("pick-up p50, " + medium, middle.get(medium));
      printMicros("pick-up p99, " + medium, late.get(medium));
    }
  }

  /** The floor under a pick-up by way of Redis. */
  private void bare(int round) throws Exception {
    try (HikariDataSource pool = database.pool(1)) {
      for (BareHint.Commit commit : BareHint.Commit.values()) {
        long[] micros = BareHint.measure(redis.uri(), pool, commit, RATE, PICK_UPS, PICK_UPS);
        Arrays.sort(micros);
        System.out.printf(
            Locale.ROOT,
            "round %d, a bare hint and a row, %s: p50 %d us, p99 %d us%n",
            round,
            commit,
            share(micros, 0.5),
            share(micros, 0.99));
      }
    }
  }

  private long[] pickingUp(Medium medium) throws Exception {
    int before = RATE * UNTIL_CALM;
    int uploads = before + PICK_UPS;
    long[] acknowledged = new long[uploads];
    long[] micros = new long[PICK_UPS];
    try (TwoNodes nodes = nodes(medium, uploads)) {
      long start = System.nanoTime();
      for (int i = 0; i < uploads; i++) {
        LockSupport.parkNanos(start + i * (1_000_000_000L / RATE) - System.nanoTime());
        nodes.ingest(i);
        acknowledged[i] = System.nanoTime();
      }
      nodes.await(uploads);
      for (int i = 0; i < PICK_UPS; i++) {
        int number = before + i;
        micros[i] = Math.max(0, nodes.begun(number) - acknowledged[number]) / 1000;
      }
    }
    Arrays.sort(micros);
    return micros;
  }

  private static long share(long[] sorted, double share) {
    return sorted[(int) (sorted.length * share)];
  }

  private static void printMicros(String what, double[] found) {
    System.out.printf(
        Locale.ROOT,
        "%-36s %6.0f us %s%n",
        what,
        median(found),
        Arrays.toString(Arrays.stream(found).mapToLong(Math::round).toArray()));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}

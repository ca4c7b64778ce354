package dev.hfsm.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.jdbc.JdbcLedger;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Admissions, or empty work, on a durable PostgreSQL, beside what the same server does for the
 * plainest statements, for the bare rows of the ledger's contract and for db-scheduler, in one run:
 * {@code java -cp benchmarks.jar dev.hfsm.benchmarks.Throughput [admissions | work] [rounds]
 * [seconds]}. Rounds of all take turns, so that a noisy disk hits all alike; the median of the
 * rounds is told. The first round only warms up.
 */
public final class Throughput {

  private static final int THREADS = 8;
  private static final int BATCH = 50;

  /** Backlogs for a second; those that run out before their time end early. */
  private static final int RAW_PER_SECOND = 60_000;

  private static final int PER_SECOND = 20_000;

  private static final String INSERT = "raw insert, a commit each";
  private static final String BARE_ADMIT = "the rows of an admission, by hand";
  private static final String ADMIT = "admit";
  private static final String BATCHED = "raw lease 50, delete 50";
  private static final String BARE_DERIVE = "the rows of 50 variants, by hand";
  private static final String DERIVE = "claim 50, settle 50, variants";
  private static final String INSPECT = "claim 50, settle 50 twice, inspections";
  private static final String PEER = "db-scheduler, execute";

  private Throughput() {}

  private interface Step {
    double perSecond() throws Exception;
  }

  private interface Filling {
    void fill() throws Exception;
  }

  /** Measures what is asked for; both if nothing is. */
  public static void main(String[] arguments) throws Exception {
    String what = arguments.length > 0 ? arguments[0] : "";
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    try (DurableServer server = DurableServer.start();
        HikariDataSource pool = server.pool(THREADS + 4)) {
      Map<String, Step> steps = new LinkedHashMap<>();
      RawStatements raw = new RawStatements(pool);
      BareContract bare = new BareContract(pool);
      LedgerLoad load = new LedgerLoad(pool, JdbcLedger.create(pool));
      Crowd crowd = new Crowd(THREADS, Duration.ofSeconds(seconds));
      if (!what.equals("work")) {
        steps.put(INSERT, () -> crowd.perSecond(raw.inserting()));
        steps.put(BARE_ADMIT, backlog(crowd, bare::empty, bare.admitting()));
        steps.put(ADMIT, backlog(crowd, load::empty, load.admitting()));
      }
      if (!what.equals("admissions")) {
        int many = PER_SECOND * seconds;
        steps.put(
            BATCHED,
            backlog(
                crowd, () -> raw.fill(RAW_PER_SECOND * seconds), raw.leasingAndDeleting(BATCH)));
        steps.put(BARE_DERIVE, backlog(crowd, () -> bare.owe(many), bare.deriving(BATCH)));
        steps.put(DERIVE, backlog(crowd, () -> load.owe(many), load.deriving(BATCH)));
        steps.put(INSPECT, backlog(crowd, () -> load.describe(many), load.inspecting(BATCH)));
        steps.put(
            PEER, () -> SchedulerPeer.perSecond(pool, THREADS, many, Duration.ofSeconds(seconds)));
      }
      print(measure(steps, rounds));
    }
  }

  private static Step backlog(Crowd crowd, Filling filling, Crowd.Step step) {
    return () -> {
      filling.fill();
      return crowd.perSecond(step);
    };
  }

  private static Map<String, double[]> measure(Map<String, Step> steps, int rounds)
      throws Exception {
    Map<String, double[]> rates = new LinkedHashMap<>();
    for (int round = -1; round < rounds; round++) {
      for (Map.Entry<String, Step> step : steps.entrySet()) {
        double rate = step.getValue().perSecond();
        if (round >= 0) {
          rates.computeIfAbsent(step.getKey(), s -> new double[rounds])[round] = rate;
        }
      }
    }
    return rates;
  }

  private static void print(Map<String, double[]> rates) {
    rates.forEach(
        (name, found) ->
            System.out.printf(
                Locale.ROOT,
                "%-40s %8.0f/s %s%s%n",
                name,
                median(found),
                Arrays.stream(found).mapToLong(Math::round).boxed().toList(),
                ratios(name, rates)));
  }

  private static String ratios(String name, Map<String, double[]> rates) {
    List<String> references =
        switch (name) {
          case BARE_ADMIT -> List.of(INSERT);
          case ADMIT -> List.of(INSERT, BARE_ADMIT);
          case BARE_DERIVE -> List.of(BATCHED, PEER);
          case DERIVE, INSPECT -> List.of(BATCHED, BARE_DERIVE, PEER);
          default -> List.of();
        };
    StringBuilder text = new StringBuilder();
    for (String reference : references) {
      double ratio = median(rates.get(name)) / median(rates.get(reference));
      text.append(String.format(Locale.ROOT, "  %.2f x %s", ratio, reference));
    }
    return text.toString();
  }

  private static double median(double[] rates) {
    double[] sorted = rates.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}

package dev.hfsm.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.jdbc.JdbcLedger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * Empty work and admissions on a durable PostgreSQL, beside what the same server does for the
 * plainest statements and for db-scheduler, in one run. Rounds of all take turns, so that a noisy
 * disk hits all alike; the median of the rounds is told.
 */
public final class Throughput {

  private static final int THREADS = 8;
  private static final int BATCH = 50;
  private static final int ROUNDS = 3;
  private static final Duration TIME = Duration.ofSeconds(4);

  /** More than any round gets done. */
  private static final int BACKLOG = 150_000;

  private Throughput() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    try (DurableServer server = DurableServer.start();
        HikariDataSource pool = server.pool(THREADS + 4)) {
      RawStatements raw = new RawStatements(pool);
      LedgerLoad load = new LedgerLoad(pool, JdbcLedger.create(pool));
      Crowd crowd = new Crowd(THREADS, TIME);
      double[][] rates = new double[6][ROUNDS];
      for (int round = -1; round < ROUNDS; round++) { // the first only warms up
        double[] found = {
          crowd.perSecond(raw.inserting()),
          crowd.perSecond(load.admitting()),
          backlog(crowd, () -> raw.fill(BACKLOG), raw.leasingAndDeleting(BATCH)),
          backlog(crowd, () -> load.owe(BACKLOG), load.deriving(BATCH)),
          backlog(crowd, () -> load.describe(BACKLOG), load.inspecting(BATCH)),
          SchedulerPeer.perSecond(pool, THREADS, BACKLOG, TIME)
        };
        for (int i = 0; round >= 0 && i < found.length; i++) {
          rates[i][round] = found[i];
        }
      }
      print(rates);
    }
  }

  private interface Filling {
    void fill() throws Exception;
  }

  private static double backlog(Crowd crowd, Filling filling, Crowd.Step step) throws Exception {
    filling.fill();
    return crowd.perSecond(step);
  }

  private static void print(double[][] rates) {
    double insert = median(rates[0]);
    double admit = median(rates[1]);
    double batched = median(rates[2]);
    double derive = median(rates[3]);
    double inspect = median(rates[4]);
    double peer = median(rates[5]);
    line("raw insert, a commit each", rates[0], "");
    line("admit", rates[1], ratio(admit, insert, "raw insert"));
    line("raw lease 50, delete 50", rates[2], "");
    line("claim 50, settle 50, variants", rates[3], both(derive, batched, peer));
    line("claim 50, settle 50 twice, inspections", rates[4], both(inspect, batched, peer));
    line("db-scheduler, execute", rates[5], "");
  }

  private static String both(double rate, double batched, double peer) {
    return ratio(rate, batched, "raw batched") + ratio(rate, peer, "db-scheduler");
  }

  private static String ratio(double rate, double reference, String name) {
    return String.format(Locale.ROOT, "  %.2f x %s", rate / reference, name);
  }

  private static void line(String name, double[] rates, String ratios) {
    System.out.printf(
        Locale.ROOT, "%-40s %8.0f/s %s%s%n", name, median(rates), rounded(rates), ratios);
  }

  private static String rounded(double[] rates) {
    return Arrays.toString(Arrays.stream(rates).mapToLong(Math::round).toArray());
  }

  private static double median(double[] rates) {
    double[] sorted = rates.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}

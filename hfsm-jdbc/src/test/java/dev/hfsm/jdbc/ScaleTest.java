package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Few rows against many, on PostgreSQL. Asserts that the many are entered by an index, and prints
 * how long the slowest calls take; no time is asserted. Enough calls for a 99th percentile are made
 * in the long mode: {@code -Dhfsm.scale.rows=10000000}.
 */
class ScaleTest {

  private static final @Nullable Integer LONG_MODE = Integer.getInteger("hfsm.scale.rows");
  private static final int FEW = LONG_MODE == null ? 3_000 : 10_000;
  private static final int MANY = LONG_MODE == null ? 30_000 : LONG_MODE;
  private static final int WARMING = LONG_MODE == null ? 5 : 50;
  private static final int CALLS = LONG_MODE == null ? 20 : 200;

  private record Slowest(Times find, Times due, Times claim, Times collect) {}

  /** In milliseconds. */
  private record Times(double p50, double p99) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f and %.2f ms", p50, p99);
    }
  }

  @Test
  void manyRowsAreEnteredByAnIndex() throws Exception {
    Slowest few = measure(FEW);
    Slowest many = measure(MANY);
    tell("find", few.find(), many.find());
    tell("due", few.due(), many.due());
    tell("claim", few.claim(), many.claim());
    tell("collect", few.collect(), many.collect());
  }

  private static void tell(String call, Times few, Times many) {
    System.out.printf(
        Locale.ROOT,
        "ScaleTest %s, p50 and p99: at %d rows %s, at %d rows %s; p99 %.2f times%n",
        call,
        FEW,
        few,
        MANY,
        many,
        many.p99() / few.p99());
  }

  private static Slowest measure(int rows) throws Exception {
    try (TestDatabase database = TestDatabase.postgres();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      fill(database, rows);
      assertPlans(database);
      reoffer(ledger, rows);
      ClaimRequest some =
          ClaimRequest.due("worker", EnumSet.allOf(WorkKind.class), 10, Samples.LEASE);
      return new Slowest(
          slowest(() -> ledger.intake().find(asset(rows / 2))),
          slowest(() -> ledger.operator().due(new Cursor("inspect " + asset(7)), 100)),
          slowest(() -> ledger.work().claim(some)),
          slowest(() -> ledger.collector().collect(Duration.ZERO, 10)));
    }
  }

  private static AssetId asset(int number) {
    return AssetId.of(Digest.ofContent(Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
  }

  /** All assets are owed an inspection that is due, and nothing claims any of them. */
  private static void fill(TestDatabase database, int rows) {
    String series =
        "(SELECT i, encode(sha256(convert_to(i::text, 'UTF8')), 'hex') AS d FROM"
            + " generate_series(1, "
            + rows
            + ") AS i) AS n";
    database.execute(
        "ALTER TABLE hfsm_asset DISABLE TRIGGER hfsm_asset_admitted",
        "INSERT INTO hfsm_asset (scope, digest, size, storage_key, state, facts, uploads,"
            + " admitted_at, changed_at, event, attempt) SELECT '', d, 1, 'raw/' || i, 'INGESTED',"
            + " '', 1, i, i, 'ADMITTED', 0 FROM "
            + series,
        "INSERT INTO hfsm_work (scope, digest, kind, variant, priority, due_at, attempts)"
            + " SELECT '', d, 'INSPECT', '', i % 3, i, 0 FROM "
            + series,
        "INSERT INTO hfsm_released (scope, digest, at) SELECT '', d, i FROM " + series,
        "VACUUM ANALYZE hfsm_asset",
        "VACUUM ANALYZE hfsm_work",
        "VACUUM ANALYZE hfsm_released",
        // What the filling left to be written is not what the calls are to wait for.
        "CHECKPOINT");
  }

  private static void assertPlans(TestDatabase database) throws SQLException {
    Sql sql = new PostgresSql();
    String digest = asset(7).digest().hex();
    List<String> statements =
        List.of(
            sql.of(Statements.FIND),
            sql.of(Statements.DUE).replace(":kind", "'INSPECT'").replace(":variant", "''"),
            sql.of(
                PostgresSql.claimStatement(
                    ClaimRequest.due("w", EnumSet.allOf(WorkKind.class), 10, Samples.LEASE),
                    Sql.Commit.FLUSHED)),
            sql.of(CustodyStatements.RELEASED));
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement()) {
      for (String text : statements) {
        String literal =
            text.replace(":scope", "''")
                .replace(":digest", "'" + digest + "'")
                .replace(":worker", "'w'")
                .replace(":millis", "1000")
                .replace(":max", "10")
                .replace(":grace", "0")
                .replace(":look", "1400")
                .replace(":limit", "100");
        StringBuilder plan = new StringBuilder();
        try (ResultSet rows = statement.executeQuery("EXPLAIN " + literal)) {
          while (rows.next()) {
            plan.append(rows.getString(1)).append('\n');
          }
        }
        assertThat(plan.toString())
            .contains("Index")
            .doesNotContain("Seq Scan on hfsm_asset", "Seq Scan on hfsm_work")
            .doesNotContain("Seq Scan on hfsm_released");
      }
    }
  }

  /** As the chore does it: every due row as a hint, page by page. */
  private static void reoffer(JdbcLedger ledger, int rows) {
    long start = System.nanoTime();
    int offered = 0;
    Cursor after = Cursor.START;
    while (after != null) {
      Page<Hint> page = ledger.operator().due(after, 1000);
      offered += page.items().size();
      after = page.next();
    }
    assertThat(offered).isEqualTo(rows);
    System.out.printf(
        Locale.ROOT,
        "ScaleTest re-offered %d due rows in %.1f s%n",
        offered,
        (System.nanoTime() - start) / 1e9);
  }

  private static Times slowest(Callable<?> call) throws Exception {
    for (int i = 0; i < WARMING; i++) { // statements are prepared, classes loaded
      call.call();
    }
    double[] millis = new double[CALLS];
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      call.call();
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    return new Times(millis[CALLS / 2], millis[CALLS * 99 / 100]);
  }
}

package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.model.WorkKind;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a claim on PostgreSQL looks at, counted by the server itself. */
class ClaimScopeTest {

  private static final int BACKLOG = 20_000;
  private static final Pattern PAGES = Pattern.compile("Buffers: shared hit=(\\d+)");

  @Test
  void readsNothingOfWorkThatIsNotDuePausedOrOfTheOtherKind() throws Exception {
    try (TestDatabase database = TestDatabase.postgres();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      Samples.admit(ledger, "wanted", "wanted");
      int alone = pages(database);
      backlog(database, "INSPECT", 9, "99999999999999"); // more urgent, and not due
      backlog(database, "DERIVE", 8, "0"); // more urgent, due, and paused
      ledger.operator().pause(WorkKind.DERIVE);
      database.execute("ANALYZE hfsm_work");

      assertThat(pages(database)).as("pages, beside %s for one row", alone).isLessThan(alone + 100);
    }
  }

  private static void backlog(TestDatabase database, String kind, int priority, String due) {
    database.execute(
        String.format(
            Locale.ROOT,
            "INSERT INTO hfsm_work (scope, digest, kind, variant, priority, due_at, attempts)"
                + " SELECT '', 'd' || i, '%1$s', CASE '%1$s' WHEN 'DERIVE' THEN 'v' ELSE '' END,"
                + " %2$d, %3$s, 0 FROM generate_series(1, %4$d) AS i",
            kind,
            priority,
            due,
            BACKLOG));
  }

  /** Each text is planned anew, by each connection. */
  @Test
  void claimsOfAnySizeAreMadeByAFewTexts() {
    long texts =
        IntStream.rangeClosed(1, 1000)
            .mapToObj(
                max -> ClaimRequest.due("w", EnumSet.allOf(WorkKind.class), max, Samples.LEASE))
            .map(request -> PostgresSql.claimStatement(request, Sql.Commit.FLUSHED))
            .distinct()
            .count();
    assertThat(texts).isBetween(2L, 11L);
  }

  private static int pages(TestDatabase database) throws Exception {
    String claim =
        new PostgresSql()
            .of(
                PostgresSql.claimStatement(
                    ClaimRequest.due("w", EnumSet.allOf(WorkKind.class), 1, Samples.LEASE),
                    Sql.Commit.FLUSHED))
            .replace(":worker", "'w'")
            .replace(":millis", "1000")
            .replace(":max", "1");
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      List<String> plan = new ArrayList<>();
      try (var rows = statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS) " + claim)) {
        while (rows.next()) {
          plan.add(rows.getString(1));
        }
      }
      connection.rollback();
      connection.setAutoCommit(true);
      Matcher pages = PAGES.matcher(String.join("\n", plan));
      assertThat(pages.find()).isTrue();
      return Integer.parseInt(pages.group(1));
    }
  }
}

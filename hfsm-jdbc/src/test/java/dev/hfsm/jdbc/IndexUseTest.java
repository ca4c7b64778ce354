package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.ClaimRequest.Suspects;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Asks the databases how they would do what requests and workers do all the time. */
class IndexUseTest {

  /** What looks at a few rows of many. Sums, and what the others are made of, are not here. */
  private static final List<String> FREQUENT =
      List.of(
          Statements.FIND,
          Statements.RETAIN,
          Statements.RELEASE_REFERENCE,
          Statements.RELEASE_REFERENCE_FROM,
          Statements.REQUEST_SOONER,
          Statements.USED,
          Statements.LOCK_ASSET,
          Statements.HELD_ATTEMPTS,
          Statements.MOVE_ALL,
          Statements.READY_ALL,
          Statements.DONE_ALL,
          Statements.RENEW,
          Statements.RETRY,
          ReapStatements.EXPIRED,
          ReapStatements.LOCK_FREE_ASSETS,
          ReapStatements.FREE_ALL,
          ReapStatements.BURY_ALL,
          ReapStatements.EXHAUST_ALL,
          ReapStatements.VARIANTS_FAILED,
          Statements.CHANGE_STATE,
          CustodyStatements.RELEASED,
          CustodyStatements.COLLECTABLE,
          CustodyStatements.STILL_CLAIMED,
          CustodyStatements.REMOVE_WORK,
          CustodyStatements.REMOVE_VARIANTS,
          CustodyStatements.REMOVE_ASSETS,
          CustodyStatements.REMOVE_REFERENCES,
          CustodyStatements.EVICT,
          CustodyStatements.EVICTABLE,
          CustodyStatements.GARBAGE,
          CustodyStatements.FORGET,
          CustodyStatements.NAMED,
          CustodyStatements.INVENTORY,
          CustodyStatements.HOLD,
          CustodyStatements.MARK_DAMAGED,
          CustodyStatements.SHOW,
          CustodyStatements.REMOVALS,
          CostStatements.SPEND,
          Statements.ASSETS,
          Statements.VARIANT,
          Statements.VARIANTS,
          Statements.HISTORY,
          Statements.REFERENCES,
          Statements.SAME_PIXELS,
          Statements.DUE,
          Statements.DEAD,
          Statements.WORK);

  private static final String GIVEN_UP =
      "[[\"\",\"7d\",\"INSPECT\",\"\",\"m\",\"7\",\"8\",\"w\",\"1\"]]";

  private static final List<ClaimRequest> CLAIMS =
      List.of(
          ClaimRequest.due("w", EnumSet.allOf(WorkKind.class), 10, Samples.LEASE),
          ClaimRequest.due("w", EnumSet.of(WorkKind.DERIVE), 10, Samples.LEASE)
              .with(Suspects.EXCLUDED),
          ClaimRequest.about("w", List.of(Subject.inspect(Samples.asset("7"))), Samples.LEASE));

  @ParameterizedTest
  @EnumSource
  void frequentStatementsScanNoTable(TestDatabase.Kind kind) throws ReflectiveOperationException {
    boolean sqlite = kind == TestDatabase.Kind.SQLITE;
    Sql sql = sqlite ? new SqliteSql() : new PostgresSql();
    List<String> claims =
        new ArrayList<>(
            CLAIMS.stream()
                .map(
                    request ->
                        sqlite
                            ? SqliteSql.claimStatement(request)
                            : PostgresSql.claimStatement(request, Sql.Commit.FLUSHED))
                .toList());
    claims.addAll(
        sqlite
            ? constants(SqliteSql.class, "CLAIMED", "HELD")
            : constants(PostgresSql.class, "ADMIT", "ADMIT_SOON", "ADMIT_NEW", "HELD"));
    try (TestDatabase database = kind.open()) {
      JdbcLedger.create(database.pool()).close();
      fill(database);
      assertThat(plan(database, "SELECT :after, scope FROM hfsm_asset WHERE size = 2", sqlite))
          .as("a scan is noticed")
          .containsPattern(sqlite ? SQLITE_SCAN : POSTGRES_SCAN);
      for (String statement : Stream.concat(FREQUENT.stream(), claims.stream()).toList()) {
        String plan = plan(database, sql.of(statement), sqlite);
        assertThat(plan).as(statement).doesNotContainPattern(sqlite ? SQLITE_SCAN : POSTGRES_SCAN);
      }
    }
  }

  /** A scan in the order of an index stops at its LIMIT; one without an index does not. */
  private static final String SQLITE_SCAN =
      "SCAN (?!c\\b|json_each|hfsm_fence|CONSTANT|k\\b|[aevliqspw]\\b|level|queue)\\w+(?! USING)(\\n|$)";

  /** The end of the log of removals is one row. */
  private static final String POSTGRES_SCAN = "Seq Scan on hfsm_(?!removal_end\\b)";

  private static List<String> constants(Class<?> dialect, String... names)
      throws ReflectiveOperationException {
    String[] found = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      Field field = dialect.getDeclaredField(names[i]);
      field.setAccessible(true);
      found[i] = (String) field.get(null);
    }
    return List.of(found);
  }

  private static String plan(TestDatabase database, String statement, boolean sqlite) {
    Jdbi jdbi = Jdbi.create(database.pool());
    jdbi.configure(SqlStatements.class, s -> s.setTemplateEngine((text, context) -> text));
    jdbi.configure(SqlStatements.class, s -> s.setUnusedBindingAllowed(true));
    String explain = sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
    String column = sqlite ? "detail" : "QUERY PLAN";
    try (Handle handle = jdbi.open()) {
      if (!sqlite) {
        // 20 000 rows are few enough to scan; what is asked is whether there is another way at all.
        handle.execute("SET enable_seqscan = off");
        handle.execute("SET enable_hashjoin = off");
        handle.execute("SET enable_mergejoin = off");
      }
      Object after = statement.matches("(?s).*(fence|seq) > :after.*") ? Long.valueOf(7) : "7";
      return String.join(
          "\n",
          bound(handle.createQuery(explain + statement).bind("after", after))
              .map((row, context) -> row.getString(column))
              .list());
    }
  }

  private static Query bound(Query query) {
    String digest = Samples.digest("7").hex();
    for (String text :
        List.of(
            "worker",
            "name",
            "state",
            "facts",
            "event",
            "detail",
            "after_text",
            "failure_code",
            "failure_message")) {
      query.bind(text, "x");
    }
    for (String number :
        List.of("fence", "millis", "base", "grace", "uploads", "failure_at", "attempt")) {
      query.bind(number, 7L);
    }
    return query
        .bind("scope", "")
        .bind("digest", digest)
        .bind("pixels", digest)
        .bind("kind", "INSPECT")
        .bind("variant", "")
        .bind("storage_key", "raw/7")
        .bind("hold", "x")
        .bind("is_public", true)
        .bind("at", 7L)
        .bind("idle", 7L)
        .bind("delay", 7L)
        .bind("priority", 7)
        .bind("size", 7L)
        .bind("fresh_until", 7L)
        .bind("look", 1000L)
        .bind("worth", 7.0)
        .bind("uses", "[[\"\",\"7d\",\"v\",\"1\"]]")
        .bind("arrivals", "[[\"\",\"7e\",\"1\",\"k\",\"f\",null,\"7\",\"n\",\"false\"]]")
        .bind("moves", "[[\"\",\"7d\",\"FAILED\",null,null,\"e\",\"w\",\"1\"]]")
        .bind("made", "[[\"\",\"7d\",\"v\",\"k\",\"d\",\"1\",\"t\",\"1\",\"1\",\"1\"]]")
        .bind("freed", "[[\"\",\"7d\",\"INSPECT\",\"\",\"m\",\"7\"]]")
        .bind("buried", GIVEN_UP)
        .bind("exhausted", GIVEN_UP)
        .bind("failed", GIVEN_UP)
        .bind("done", "[[\"\",\"7d\",\"INSPECT\",\"\"]]")
        .bind("leases", "[[\"0\",\"\",\"7d\",\"INSPECT\",\"\",\"w\",\"7\"]]")
        .bind("failure_retryable", true)
        .bind("max", 10)
        .bind("limit", 10)
        .bind("assets", "[[\"\",\"" + digest + "\"]]")
        .bind("subjects", "[[\"\",\"" + digest + "\",\"INSPECT\",\"\"]]")
        .bind("keys", "[[\"raw/1\"]]")
        .bind("nanos", 7L)
        .bind("variants", 7L)
        .bind("bytes", 7L);
  }

  private static void fill(TestDatabase database) {
    String series =
        database.kind == TestDatabase.Kind.SQLITE
            ? "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n) AS n"
            : "generate_series(1, 20000) AS n(i)";
    String d = "CAST(i AS text) || 'd'";
    database.execute(
        "INSERT INTO hfsm_asset (scope, digest, size, storage_key, state, facts, pixels, uploads,"
            + " admitted_at, changed_at, event, attempt) SELECT '', "
            + d
            + ", 1, 'raw/' || i,"
            + " 'INGESTED', 'fileName=abc', "
            + d
            + ", 1, i, i, 'ADMITTED', 0 FROM "
            + series,
        "INSERT INTO hfsm_reference (scope, name, digest, since) SELECT '', 'n' || i, "
            + d
            + ", i FROM "
            + series,
        "INSERT INTO hfsm_released (scope, digest, at) SELECT '', " + d + ", i FROM " + series,
        "INSERT INTO hfsm_variant (scope, digest, variant, transformation, transformer, state,"
            + " requested_at, storage_key, content_size, cost_nanos, uses, used_at) SELECT '', "
            + d
            + ", 'v', 't', 't@1', 'READY', i,"
            + " 'var/' || i, 5, i, 1, i FROM "
            + series,
        "INSERT INTO hfsm_work (scope, digest, kind, variant, priority, due_at, attempts, fence,"
            + " worker, leased_until, dead_at) SELECT '', "
            + d
            + ", 'INSPECT', '', 0, i, 0, i,"
            + " CASE WHEN i % 10 = 0 THEN 'w' END, CASE WHEN i % 10 = 0 THEN i END,"
            + " CASE WHEN i % 10 = 1 THEN i END FROM "
            + series,
        "INSERT INTO hfsm_removal (seq, scope, digest, at) SELECT i, '', "
            + d
            + ", i FROM "
            + series,
        "INSERT INTO hfsm_cost (at, scope, nanos, variants, bytes) SELECT i, 's', 1, 1, 1 FROM "
            + series,
        "INSERT INTO hfsm_garbage (storage_key, at) SELECT 'gone/' || i, i FROM " + series,
        "ANALYZE");
  }
}

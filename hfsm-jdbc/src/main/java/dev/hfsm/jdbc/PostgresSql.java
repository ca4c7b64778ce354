package dev.hfsm.jdbc;

import static java.util.stream.Collectors.joining;

import dev.hfsm.ledger.ClaimRequest;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** PostgreSQL 15 and newer, at READ COMMITTED. */
final class PostgresSql extends Sql {

  /** The advisory lock of migrations: "hfsm" in ASCII. */
  private static final String MIGRATION_LOCK = "SELECT pg_advisory_xact_lock(1751544685)";

  /**
   * One statement, one round trip. The work rows are the newest ones, as they are locked; asset and
   * variant are as the statement's snapshot has them. Whether the work changed hands in between
   * shows in its fence, which every grant changes: {@code s} is the row of the snapshot.
   */
  private static final String CLAIM =
      """
      WITH clock AS MATERIALIZED (SELECT {now} AS now),
      candidate AS MATERIALIZED (
        SELECT scope, digest, kind, variant, fence FROM hfsm_work
        WHERE leased_until IS NULL AND dead_at IS NULL AND due_at <= (SELECT now FROM clock)
          AND kind IN (:kind1, :kind2) {among}
        ORDER BY priority DESC, due_at LIMIT :max FOR UPDATE SKIP LOCKED
      ),
      w AS (
        UPDATE hfsm_work AS u SET
          attempts = u.attempts + 1, fence = nextval('hfsm_fence'), worker = :worker,
          leased_until = (SELECT now FROM clock) + :millis
        FROM candidate AS c
        WHERE u.scope = c.scope AND u.digest = c.digest AND u.kind = c.kind
          AND u.variant = c.variant
        RETURNING u.*, c.fence AS fence_before
      )
      SELECT {w.row}, {a.row}, {v.row}, (SELECT now FROM clock) AS now,
        s.fence <> w.fence_before AS seen_before
      FROM w
      JOIN hfsm_work AS s ON s.scope = w.scope AND s.digest = w.digest AND s.kind = w.kind
        AND s.variant = w.variant
      JOIN hfsm_asset AS a ON a.scope = w.scope AND a.digest = w.digest
      LEFT JOIN hfsm_variant AS v ON v.scope = w.scope AND v.digest = w.digest
        AND v.variant = w.variant
      ORDER BY w.priority DESC, w.due_at
      """;

  private static final String CLAIM_DUE = CLAIM.replace("{among}", "");
  private static final String CLAIM_ABOUT =
      CLAIM.replace("{among}", "AND (scope, digest, kind, variant) IN ({subjects})");

  PostgresSql() {
    super(
        "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)",
        "FOR UPDATE",
        "FOR UPDATE SKIP LOCKED");
  }

  @Override
  String name() {
    return "postgresql";
  }

  @Override
  @Nullable String begin() {
    return null;
  }

  @Override
  String migrationLock() {
    return MIGRATION_LOCK;
  }

  /**
   * Looks into the catalogue itself: {@code to_regclass} answers from a cache that does not hear of
   * a table created while the migration's lock was waited for.
   */
  @Override
  String schemaIsThere() {
    return "SELECT count(*) > 0 FROM pg_class"
        + " WHERE relname = 'hfsm_schema' AND pg_table_is_visible(oid)";
  }

  @Override
  String unfold(String parameter, int columns) {
    return IntStream.range(0, columns)
        .mapToObj(i -> "e->>" + i + " AS c" + (i + 1))
        .collect(
            joining(
                ", ",
                "SELECT ",
                " FROM json_array_elements(CAST(:" + parameter + " AS json)) AS e"));
  }

  @Override
  boolean mayClaim(Handle handle, ClaimRequest request) {
    return true; // the claim itself locks only what it grants
  }

  @Override
  List<Grant> claim(Handle handle, ClaimRequest request) {
    boolean due = request.subjects().isEmpty();
    Query query = handle.createQuery(of(due ? CLAIM_DUE : CLAIM_ABOUT));
    return bind(query, request)
        .bind("worker", request.worker())
        .bind("millis", request.lease().toMillis())
        .map((row, context) -> Grant.of(row))
        .list();
  }

  @Override
  long nextNumber(Handle handle) {
    return handle.createQuery("SELECT nextval('hfsm_fence')").mapTo(Long.class).one();
  }
}

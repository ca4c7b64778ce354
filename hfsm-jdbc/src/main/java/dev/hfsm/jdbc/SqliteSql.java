package dev.hfsm.jdbc;

import static java.util.stream.Collectors.joining;

import dev.hfsm.ledger.ClaimRequest;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * SQLite in WAL mode. A transaction that writes takes the write lock as it begins: one that began
 * by reading could not get it any more once another has written.
 */
final class SqliteSql extends Sql {

  private static final String CANDIDATES =
      """
      SELECT scope, digest, kind, variant, priority, due_at FROM hfsm_work
      WHERE leased_until IS NULL AND dead_at IS NULL AND due_at <= {scan}
        AND kind IN (:kind1, :kind2) {among}
      ORDER BY priority DESC, due_at LIMIT :max
      """;

  private static final String NUMBERS =
      "UPDATE hfsm_fence SET value = value + :count RETURNING value";

  private static final String CLAIM =
      """
      UPDATE hfsm_work SET
        attempts = attempts + 1, fence = :base + c.place, worker = :worker,
        leased_until = {now} + :millis
      FROM (
        SELECT k.*, row_number() OVER (ORDER BY priority DESC, due_at) AS place FROM (
          {candidates}) AS k
      ) AS c
      WHERE hfsm_work.scope = c.scope AND hfsm_work.digest = c.digest
        AND hfsm_work.kind = c.kind AND hfsm_work.variant = c.variant
      """;

  /** In the transaction of the claim nobody else has fences above its base. */
  private static final String CLAIMED =
      """
      SELECT {w.row}, {a.row}, {v.row}, {now} AS now, 0 AS seen_before
      FROM hfsm_work AS w
      JOIN hfsm_asset AS a ON a.scope = w.scope AND a.digest = w.digest
      LEFT JOIN hfsm_variant AS v ON v.scope = w.scope AND v.digest = w.digest
        AND v.variant = w.variant
      WHERE w.leased_until IS NOT NULL AND w.fence > :base
      ORDER BY w.fence
      """;

  private static final String DUE = CANDIDATES.replace("{among}", "");
  private static final String ABOUT =
      CANDIDATES.replace("{among}", "AND (scope, digest, kind, variant) IN ({subjects})");

  SqliteSql() {
    super("CAST(round(unixepoch('subsec') * 1000) AS integer)", "", "");
  }

  @Override
  String name() {
    return "sqlite";
  }

  @Override
  String begin() {
    return "BEGIN IMMEDIATE";
  }

  @Override
  @Nullable String migrationLock() {
    return null;
  }

  @Override
  String schemaIsThere() {
    return "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = 'hfsm_schema'";
  }

  @Override
  String unfold(String parameter, int columns) {
    return IntStream.range(0, columns)
        .mapToObj(i -> "value->>" + i + " AS c" + (i + 1))
        .collect(joining(", ", "SELECT ", " FROM json_each(:" + parameter + ")"));
  }

  /** Idle workers would otherwise queue for the write lock to find nothing. */
  @Override
  boolean mayClaim(Handle handle, ClaimRequest request) {
    return bind(handle.createQuery("SELECT EXISTS (" + candidates(request) + ")"), request)
        .mapTo(Boolean.class)
        .one();
  }

  @Override
  List<Grant> claim(Handle handle, ClaimRequest request) {
    long base = numbers(handle, request.max()) - request.max();
    bind(handle.createUpdate(of(CLAIM).replace("{candidates}", candidates(request))), request)
        .bind("base", base)
        .bind("worker", request.worker())
        .bind("millis", request.lease().toMillis())
        .execute();
    return handle
        .createQuery(of(CLAIMED))
        .bind("base", base)
        .map((row, context) -> Grant.of(row))
        .list();
  }

  private String candidates(ClaimRequest request) {
    return of(request.subjects().isEmpty() ? DUE : ABOUT);
  }

  @Override
  long nextNumber(Handle handle) {
    return numbers(handle, 1);
  }

  /** Takes numbers; answers the last of them. */
  private static long numbers(Handle handle, int count) {
    return handle.createQuery(NUMBERS).bind("count", count).mapTo(Long.class).one();
  }
}

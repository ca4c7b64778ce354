package dev.hfsm.jdbc;

import static java.util.stream.Collectors.joining;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * SQLite in WAL mode. A transaction that writes takes the write lock as it begins: one that began
 * by reading could not get it any more once another has written.
 */
final class SqliteSql extends Sql {

  private static final String READY = "leased_until IS NULL AND dead_at IS NULL";

  /** Leaps from one priority to the next in the index, and reads what is due of each. */
  private static final String DUE =
      """
      SELECT k.scope, k.digest, k.kind, k.variant, k.priority, k.due_at
      FROM (
        WITH RECURSIVE queue(kind, suspect) AS (VALUES {queues}),
        level(kind, suspect, priority) AS (
          SELECT q.kind, q.suspect, (SELECT w.priority FROM hfsm_work AS w
            WHERE w.kind = q.kind AND w.suspect = q.suspect AND {ready}
            ORDER BY w.priority DESC LIMIT 1)
          FROM queue AS q WHERE q.kind NOT IN (SELECT p.kind FROM hfsm_pause AS p)
          UNION ALL
          SELECT l.kind, l.suspect, (SELECT w.priority FROM hfsm_work AS w
            WHERE w.kind = l.kind AND w.suspect = l.suspect AND {ready}
              AND w.priority < l.priority
            ORDER BY w.priority DESC LIMIT 1)
          FROM level AS l WHERE l.priority IS NOT NULL
        )
        SELECT * FROM level WHERE priority IS NOT NULL) AS l
      CROSS JOIN hfsm_work AS k ON k.rowid IN (
        SELECT w.rowid FROM hfsm_work AS w
        WHERE w.kind = l.kind AND w.suspect = l.suspect AND w.priority = l.priority AND {ready}
          AND w.due_at <= {scan}
        ORDER BY w.due_at LIMIT :max)
      ORDER BY k.priority DESC, k.due_at LIMIT :max
      """;

  private static final String ABOUT =
      """
      SELECT scope, digest, kind, variant, priority, due_at FROM hfsm_work
      WHERE (scope, digest, kind, variant) IN ({subjects}) AND {ready} AND due_at <= {scan}
        AND ({queues}) AND kind NOT IN (SELECT p.kind FROM hfsm_pause AS p)
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

  private static final String HELD =
      """
      SELECT CAST(i.c1 AS integer) AS number, w.attempts AS attempts,
        w.leased_until AS leased_until, a.state AS state, a.facts AS facts, {now} AS now
      FROM ({leases}) AS i
      JOIN hfsm_asset AS a ON a.scope = i.c2 AND a.digest = i.c3
      JOIN hfsm_work AS w ON w.scope = i.c2 AND w.digest = i.c3 AND w.kind = i.c4
        AND w.variant = i.c5
      WHERE w.worker = i.c6 AND w.fence = CAST(i.c7 AS integer)
      """;

  SqliteSql() {
    super("CAST(round(unixepoch('subsec') * 1000) AS integer)", "", "", "min", "max", "");
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
  String inOrder(String key) {
    return key;
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
    return bind(handle.createQuery(of("SELECT EXISTS (" + candidates(request) + ")")), request)
        .mapTo(Boolean.class)
        .one();
  }

  @Override
  List<Grant> claim(Handle handle, ClaimRequest request, Commit commit) {
    long base = numbers(handle, request.max()) - request.max();
    bind(handle.createUpdate(of(claimStatement(request))), request)
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

  static String claimStatement(ClaimRequest request) {
    return CLAIM.replace("{candidates}", candidates(request));
  }

  private static String candidates(ClaimRequest request) {
    List<Lane> lanes = lanes(request);
    String text =
        request.subjects().isEmpty()
            ? DUE.replace(
                "{queues}",
                lanes.stream()
                    .map(lane -> "('" + lane.kind() + "', " + lane.suspect() + ")")
                    .collect(joining(", ")))
            : ABOUT.replace(
                "{queues}", lanes.stream().map(Lane::condition).collect(joining(" OR ")));
    return text.replace("{ready}", READY);
  }

  private static <S extends SqlStatement<S>> S bind(S statement, ClaimRequest request) {
    statement.bind("max", request.max());
    return request.subjects().isEmpty()
        ? statement
        : statement.bind("subjects", Json.subjects(request.subjects()));
  }

  /** A statement costs microseconds. */
  @Override
  boolean beginsInOneGo() {
    return false;
  }

  @Override
  Optional<Grant> beginNew(Handle handle, VariantRequest request, String worker, Duration lease) {
    return Optional.empty();
  }

  @Override
  Optional<Admitted> admit(Handle handle, Admission admission) {
    Optional<Admitted> admitted =
        Admissions.bind(handle.createQuery(of(Statements.ADMIT)), admission)
            .map((row, context) -> Admissions.admitted(row))
            .findOne();
    if (admitted.isEmpty()) {
      return admitted;
    }
    Rows.bind(handle.createUpdate(of(Statements.POINT)), admission.asset())
        .bind("name", admission.reference().text())
        .execute();
    Outcome outcome = admitted.get().outcome();
    if (outcome == Outcome.CREATED || outcome == Outcome.REVIVED) {
      Rows.bind(handle.createUpdate(of(Statements.OWE)), Subject.inspect(admission.asset()))
          .bind("priority", Steps.INSPECTION_PRIORITY)
          .bind("delay", 0L)
          .execute();
    }
    return admitted;
  }

  @Override
  List<Held> held(Handle handle, List<Lease> leases) {
    return handle
        .createQuery(of(HELD))
        .bind("leases", Json.leases(leases))
        .map((row, context) -> Held.of(row))
        .list();
  }

  @Override
  void write(Handle handle, List<Write> writes) {
    for (Write write : writes) {
      handle.createUpdate(of(write.statement())).bind(write.parameter(), write.json()).execute();
    }
  }

  @Override
  List<Long> nextNumbers(Handle handle, int count) {
    long last = numbers(handle, count);
    return LongStream.rangeClosed(last - count + 1, last).boxed().toList();
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

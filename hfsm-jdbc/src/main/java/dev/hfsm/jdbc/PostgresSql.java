package dev.hfsm.jdbc;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.model.AssetId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** PostgreSQL 15 and newer, at READ COMMITTED. */
final class PostgresSql extends Sql {

  /** The advisory lock of migrations: "hfsm" in ASCII. */
  private static final String MIGRATION_LOCK = "SELECT pg_advisory_xact_lock(1751544685)";

  /**
   * How many rows of a queue a claim looks at, at least: more than others can have locked at once.
   */
  private static final int REACH = 500;

  /** How long admissions that go together wait for somebody else. */
  private static final int PATIENCE_MILLIS = 200;

  /** What nobody has and nobody has given up. */
  private static final String READY = "leased_until IS NULL AND dead_at IS NULL";

  /** Its commit waits for no flush, neither here nor on a standby; for this transaction only. */
  private static final String UNFLUSHED =
      ", set_config('synchronous_commit', 'off', true) AS setting";

  private static final String IS_DUE = READY + " AND due_at <= (SELECT now FROM clock)";

  /**
   * One statement, one round trip. The work rows are the newest ones, as they are locked; asset and
   * variant are as the statement's snapshot has them. Whether the work changed hands in between
   * shows in its fence, which every grant changes.
   *
   * <p>Rows are found once and then known by their place, which is that of the snapshot's row: who
   * updates by it goes on to the newest. LATERAL tells the planner to look each row up, however few
   * or many rows it believes in; {@code few} does the same for the UPDATE. What is known of a
   * queue's size is soon wrong.
   */
  private static final String CLAIM =
      """
      WITH RECURSIVE clock AS MATERIALIZED (SELECT {now} AS now{commit}),
      {candidate},
      w AS (
        UPDATE hfsm_work AS u SET
          attempts = u.attempts + 1, fence = nextval('hfsm_fence'), worker = :worker,
          leased_until = (SELECT now FROM clock) + :millis
        FROM candidate AS i
        WHERE u.ctid = i.place {few}
        RETURNING u.*, i.seen_before
      )
      SELECT {w.row}, {a.row}, {v.row}, (SELECT now FROM clock) AS now, w.seen_before
      FROM w
      CROSS JOIN LATERAL (SELECT * FROM hfsm_asset AS a WHERE a.scope = w.scope
        AND a.digest = w.digest OFFSET 0) AS a
      LEFT JOIN LATERAL (SELECT * FROM hfsm_variant AS v WHERE v.scope = w.scope
        AND v.digest = w.digest AND v.variant = w.variant OFFSET 0) AS v ON true
      ORDER BY w.priority DESC, w.due_at
      """;

  /**
   * Looks for the priorities that are there, highest first, by leaping from one to the next in the
   * index, and for each merges the queues in order of due time. So it never meets work that is not
   * due, paused, or not wanted. Rows are found without a lock and then locked one at a time until
   * there are enough: what another has locked is left out and the next one taken, and no row is
   * locked that is not granted. The conditions stand twice because a row that changed since the
   * snapshot is judged again by those beside the lock alone. LATERAL fixes the order of the loops:
   * a sort above the lock would lock all that it sorts.
   */
  private static final String DUE =
      """
      queue(kind, suspect) AS (
        SELECT q.kind, q.suspect FROM (VALUES {queues}) AS q(kind, suspect)
        WHERE NOT EXISTS (SELECT 1 FROM hfsm_pause AS p WHERE p.kind = q.kind)
      ),
      level(kind, suspect, priority) AS (
        SELECT q.kind, q.suspect, (SELECT k.priority FROM hfsm_work AS k
          WHERE k.kind = q.kind AND k.suspect = q.suspect AND {ready}
          ORDER BY k.priority DESC LIMIT 1)
        FROM queue AS q
        UNION ALL
        SELECT l.kind, l.suspect, (SELECT k.priority FROM hfsm_work AS k
          WHERE k.kind = l.kind AND k.suspect = l.suspect AND {ready}
            AND k.priority < l.priority
          ORDER BY k.priority DESC LIMIT 1)
        FROM level AS l WHERE l.priority IS NOT NULL
      ),
      candidate AS MATERIALIZED (
        SELECT * FROM (SELECT m.place, f.c2, f.fence <> m.fence AS seen_before
        FROM (SELECT DISTINCT priority FROM level WHERE priority IS NOT NULL
          ORDER BY priority DESC) AS p
        CROSS JOIN LATERAL ({merged}) AS m
        CROSS JOIN LATERAL (
          SELECT k.digest AS c2, k.fence FROM hfsm_work AS k
          WHERE k.ctid = m.place AND k.priority = p.priority AND {due}
          FOR UPDATE SKIP LOCKED) AS f
        LIMIT {ceiling}) AS enough LIMIT :max
      )
      """;

  private static final String QUEUE =
      """
      SELECT * FROM (
        SELECT ctid AS place, due_at, fence FROM hfsm_work
        WHERE {queue} AND priority = p.priority AND {due}
          AND NOT EXISTS (SELECT 1 FROM hfsm_pause AS s WHERE s.kind = '{kind}')
        ORDER BY due_at LIMIT {reach}) AS q
      """;

  private static final String ABOUT =
      """
      candidate AS MATERIALIZED (
        SELECT * FROM (SELECT m.place, f.c2, f.fence <> m.fence AS seen_before
        FROM (SELECT ctid AS place, fence FROM hfsm_work
          WHERE (scope, digest, kind, variant) IN ({subjects}) AND {due} AND ({queues})
            AND kind NOT IN (SELECT p.kind FROM hfsm_pause AS p)
          ORDER BY priority DESC, due_at) AS m
        CROSS JOIN LATERAL (
          SELECT k.digest AS c2, k.fence FROM hfsm_work AS k
          WHERE k.ctid = m.place AND {due}
          FOR UPDATE SKIP LOCKED) AS f
        LIMIT {ceiling}) AS enough LIMIT :max
      )
      """;

  /**
   * A first request with its claim, in one statement and one round trip. Asset, variant and work
   * are locked in this order, each by what comes back from the one before; whoever was faster with
   * the variant lets no row come back from it, and so none from the work, and nothing is written.
   * The time is read above the lock on the asset, so after the wait for it.
   */
  private static final String BEGIN_NEW =
      """
      WITH a AS MATERIALIZED (
        SELECT l.*, {now} AS now
        FROM (SELECT * FROM hfsm_asset WHERE {asset} FOR UPDATE) AS l
        WHERE NOT EXISTS (SELECT 1 FROM hfsm_pause AS p WHERE p.kind = 'DERIVE')
      ),
      v AS (
        INSERT INTO hfsm_variant
          (scope, digest, variant, transformation, transformer, state, requested_at)
        SELECT a.scope, a.digest, :variant, :transformation, :transformer, 'REQUESTED', a.now
        FROM a
        ON CONFLICT (scope, digest, variant) DO NOTHING
        RETURNING *
      ),
      w AS (
        INSERT INTO hfsm_work AS u (scope, digest, kind, variant, priority, due_at, attempts, fence,
          worker, leased_until)
        SELECT a.scope, a.digest, 'DERIVE', v.variant, :priority, a.now, 1, nextval('hfsm_fence'),
          :worker, a.now + :millis
        FROM v CROSS JOIN a
        ON CONFLICT (scope, digest, kind, variant) DO UPDATE SET
          priority = excluded.priority, due_at = excluded.due_at, attempts = 1,
          fence = excluded.fence, worker = excluded.worker, leased_until = excluded.leased_until,
          failure_code = NULL, failure_message = NULL, failure_retryable = NULL,
          failure_at = NULL, dead_at = NULL
        RETURNING *
      )
      SELECT {w.row}, {a.row}, {v.row}, a.now AS now, false AS seen_before
      FROM w CROSS JOIN v CROSS JOIN a
      """;

  /**
   * One statement. It locks as it writes: the asset first, since the others take their row from
   * what comes back from it.
   */
  private static final String ADMIT = admitting(Statements.ADMIT);

  /** The same, giving up on whoever is in the way for long. */
  private static final String ADMIT_SOON =
      admitting(
          Statements.ADMIT.replace(
              "FROM (SELECT {now} AS now) AS c",
              "FROM (SELECT {now} AS now, set_config('lock_timeout', '"
                  + PATIENCE_MILLIS
                  + "', true) OFFSET 0) AS c"));

  private static String admitting(String asset) {
    return """
      WITH a AS (%s),
      r AS (
        INSERT INTO hfsm_reference AS r (scope, name, digest, since)
        SELECT a.a_scope, :name, a.a_digest, {now} FROM a
        ON CONFLICT (scope, name) DO UPDATE SET digest = excluded.digest, since = {now}
          WHERE r.digest <> excluded.digest
      ),
      w AS (
        INSERT INTO hfsm_work (scope, digest, kind, variant, priority, due_at, attempts)
        SELECT a.a_scope, a.a_digest, 'INSPECT', '', :priority, {now}, 0 FROM a
        WHERE a.a_uploads = 1 OR a.a_revived_by = a.a_uploads
        ON CONFLICT (scope, digest, kind, variant) DO UPDATE SET
          priority = excluded.priority, due_at = excluded.due_at, attempts = 0,
          worker = NULL, leased_until = NULL, failure_code = NULL, failure_message = NULL,
          failure_retryable = NULL, failure_at = NULL, dead_at = NULL
      )
      SELECT * FROM a
      """
        .formatted(asset);
  }

  /**
   * New assets, in one statement: no row comes back for one that is there already, or whose key may
   * not be named. Assets are written in order, then references in order; the work cannot be there
   * before its asset. Whoever is in the way for long, as a host that enlisted its connection can
   * be, must not hold up all the others: the statement gives up, and each goes alone.
   */
  private static final String ADMIT_NEW =
      """
      WITH c AS MATERIALIZED (
        SELECT {now} AS now, set_config('lock_timeout', '%d', true) AS setting),
      a AS (
        INSERT INTO hfsm_asset (scope, digest, size, storage_key, state, facts, pixels, uploads,
          admitted_at, changed_at, is_public, event, attempt)
        SELECT i.c1, i.c2, CAST(i.c3 AS bigint), i.c4, 'INGESTED', i.c5, i.c6, 1, c.now, c.now,
          CAST(i.c9 AS boolean), 'ADMITTED', 0
        FROM c CROSS JOIN ({arrivals}) AS i
        WHERE CAST(i.c7 AS bigint) >= c.now AND c.setting IS NOT NULL
          AND (SELECT g.at FROM hfsm_garbage AS g WHERE g.storage_key = i.c4) IS NULL
        ORDER BY i.c1, i.c2
        ON CONFLICT (scope, digest) DO NOTHING
        RETURNING scope, digest, admitted_at
      ),
      r AS (
        INSERT INTO hfsm_reference AS r (scope, name, digest, since)
        SELECT a.scope, i.c8, a.digest, {now}
        FROM a JOIN ({arrivals}) AS i ON i.c1 = a.scope AND i.c2 = a.digest
        ORDER BY a.scope, i.c8
        ON CONFLICT (scope, name) DO UPDATE SET digest = excluded.digest, since = {now}
          WHERE r.digest <> excluded.digest
      ),
      w AS (
        INSERT INTO hfsm_work (scope, digest, kind, variant, priority, due_at, attempts)
        SELECT a.scope, a.digest, 'INSPECT', '', %d, {now}, 0 FROM a
      )
      SELECT scope AS a_scope, digest AS a_digest, admitted_at FROM a
      """
          .formatted(PATIENCE_MILLIS, Steps.INSPECTION_PRIORITY);

  /**
   * Asset by asset in order, each before its work. The time is read above the locks, so after the
   * wait for them, and whether the lease has run out is for the caller to see; what is known of a
   * row is what it was when it was locked.
   *
   * <p>The setting holds until the end of this transaction: what follows in it writes few rows,
   * each by its key, even where a planner believes that a table is empty.
   */
  private static final String HELD =
      """
      SELECT i.c1 AS number, w.attempts AS attempts, w.leased_until AS leased_until,
        a.state AS state, a.facts AS facts, {now} AS now,
        set_config('enable_seqscan', 'off', true) AS setting
      FROM (SELECT CAST(c1 AS integer) AS c1, c2, c3, c4, c5, c6, CAST(c7 AS bigint) AS c7
        FROM ({leases}) AS l ORDER BY c2, c3, c4, c5) AS i
      CROSS JOIN LATERAL (
        SELECT scope, digest, state, facts FROM hfsm_asset
        WHERE scope = i.c2 AND digest = i.c3 FOR UPDATE) AS a
      CROSS JOIN LATERAL (
        SELECT attempts, leased_until FROM hfsm_work
        WHERE scope = a.scope AND digest = a.digest AND kind = i.c4 AND variant = i.c5
          AND worker = i.c6 AND fence = i.c7 FOR UPDATE) AS w
      """;

  PostgresSql() {
    super(
        "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)",
        "FOR UPDATE",
        "FOR UPDATE SKIP LOCKED",
        "least",
        "greatest",
        "AND i.c2 = i.c2 || ''");
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
  String inOrder(String key) {
    return "hashtextextended(" + key + ", 0)";
  }

  @Override
  String unfold(String parameter, int columns) {
    return IntStream.range(0, columns)
        .mapToObj(i -> "e->>" + i + " AS c" + (i + 1))
        .collect(
            joining(
                ", ",
                "SELECT ",
                " FROM jsonb_array_elements(CAST(:" + parameter + " AS jsonb)) AS e"));
  }

  @Override
  boolean mayClaim(Handle handle, ClaimRequest request) {
    return true; // the claim itself locks only what it grants
  }

  /** What the text of a claim depends on. */
  private record ClaimText(List<Lane> lanes, boolean anySubject, long ceiling, Commit commit) {}

  private final Map<ClaimText, String> claims = new ConcurrentHashMap<>();

  @Override
  List<Grant> claim(Handle handle, ClaimRequest request, Commit commit) {
    ClaimText text =
        new ClaimText(lanes(request), request.subjects().isEmpty(), ceiling(request.max()), commit);
    Query query =
        handle.createQuery(claims.computeIfAbsent(text, t -> of(claimStatement(request, commit))));
    if (!request.subjects().isEmpty()) {
      query.bind("subjects", Json.subjects(request.subjects()));
    }
    return query
        .bind("worker", request.worker())
        .bind("millis", request.lease().toMillis())
        .bind("max", request.max())
        .map((row, context) -> Grant.of(row))
        .list();
  }

  /**
   * A power of two no less than the maximum is part of the text: a plan for an unknown maximum
   * would expect a tenth of all, and a text for each maximum would be planned anew nearly every
   * time, which takes as long as the claim.
   */
  static String claimStatement(ClaimRequest request, Commit commit) {
    long ceiling = ceiling(request.max());
    List<Lane> lanes = lanes(request);
    String candidate =
        request.subjects().isEmpty()
            ? DUE.replace(
                    "{queues}",
                    lanes.stream()
                        .map(lane -> "('" + lane.kind() + "', " + lane.suspect() + ")")
                        .collect(joining(", ")))
                .replace(
                    "{merged}",
                    lanes.stream()
                        .map(
                            lane ->
                                QUEUE
                                    .replace("{queue}", lane.condition())
                                    .replace("{kind}", lane.kind().name()))
                        .collect(joining("UNION ALL ", "", "ORDER BY due_at")))
            : ABOUT.replace(
                "{queues}", lanes.stream().map(Lane::condition).collect(joining(" OR ")));
    return CLAIM
        .replace("{commit}", commit == Commit.SEEN ? UNFLUSHED : "")
        .replace("{candidate}", candidate.strip())
        .replace("{due}", IS_DUE)
        .replace("{ready}", READY)
        .replace("{reach}", Long.toString(Math.max(REACH, 10 * ceiling)))
        .replace("{ceiling}", Long.toString(ceiling));
  }

  private static long ceiling(int max) {
    return Long.highestOneBit(2L * max - 1);
  }

  @Override
  boolean beginsInOneGo() {
    return true;
  }

  @Override
  Optional<Grant> beginNew(Handle handle, VariantRequest request, String worker, Duration lease) {
    return Rows.bind(handle.createQuery(of(BEGIN_NEW)), request.asset())
        .bind("variant", request.key().hex())
        .bind("transformation", request.transformation())
        .bind("transformer", request.transformer().toString())
        .bind("priority", request.priority())
        .bind("worker", worker)
        .bind("millis", lease.toMillis())
        .map((row, context) -> Grant.of(row))
        .findOne();
  }

  @Override
  Optional<Admitted> admit(Handle handle, Admission admission) {
    return admit(handle, ADMIT, admission);
  }

  /** Gives up on whoever is in the way for long. */
  Optional<Admitted> admitSoon(Handle handle, Admission admission) {
    return admit(handle, ADMIT_SOON, admission);
  }

  private Optional<Admitted> admit(Handle handle, String statement, Admission admission) {
    return Admissions.bind(handle.createQuery(of(statement)), admission)
        .bind("name", admission.reference().text())
        .bind("priority", Steps.INSPECTION_PRIORITY)
        .map((row, context) -> Admissions.admitted(row))
        .findOne();
  }

  /**
   * Writes the admissions of those assets that are new, and leaves out the others and those whose
   * key may not be named any more.
   *
   * @param admissions each asset and each name once
   */
  Map<AssetId, Admitted> admitNew(Handle handle, List<Admission> admissions) {
    Map<AssetId, Admission> byAsset =
        admissions.stream().collect(toMap(Admission::asset, Function.identity()));
    return handle
        .createQuery(of(ADMIT_NEW))
        .bind("arrivals", Json.admissions(admissions))
        .map(
            (row, context) ->
                Admissions.created(
                    byAsset.get(Rows.assetId(row, "a_")), Rows.instant(row, "admitted_at")))
        .stream()
        .collect(toMap(a -> a.asset().id(), Function.identity()));
  }

  @Override
  List<Held> held(Handle handle, List<Lease> leases) {
    return handle
        .createQuery(of(HELD))
        .bind("leases", Json.leases(leases))
        .map((row, context) -> Held.of(row))
        .list();
  }

  /** All but the last become expressions of the last: one statement, in which none sees another. */
  @Override
  void write(Handle handle, List<Write> writes) {
    if (writes.isEmpty()) {
      return;
    }
    int last = writes.size() - 1;
    String first =
        IntStream.range(0, last)
            .mapToObj(i -> "w" + i + " AS (" + writes.get(i).statement() + ")")
            .collect(joining(", "));
    String statement =
        (first.isEmpty() ? "" : "WITH " + first + " ") + writes.get(last).statement();
    Update update = handle.createUpdate(of(statement));
    writes.forEach(write -> update.bind(write.parameter(), write.json()));
    update.execute();
  }

  @Override
  List<Long> nextNumbers(Handle handle, int count) {
    return handle
        .createQuery("SELECT nextval('hfsm_fence') FROM generate_series(1, :count)")
        .bind("count", count)
        .mapTo(Long.class)
        .stream()
        .sorted()
        .toList();
  }

  @Override
  long nextNumber(Handle handle) {
    return handle.createQuery("SELECT nextval('hfsm_fence')").mapTo(Long.class).one();
  }
}

package dev.hfsm.jdbc;

/**
 * The ledger's statements in the words both databases understand; {@link Sql} fills in the braces.
 *
 * <p><b>Locking.</b> One order of waiting holds everywhere: asset, reference, released row,
 * variant, work, garbage. Whoever needs an asset to stand still locks its row first (admit and
 * retain by updating it, the others by a SELECT) and looks at references in later statements, which
 * see what was committed while it waited. An admission is one statement on PostgreSQL: it writes
 * references and looks at none.
 *
 * <p>Only a settling and admissions that go together wait for several assets. A settling asks for
 * them in order of scope and digest, each with its work, and holds nothing else while it waits.
 * Admissions that go together write assets that are new, in the same order, and then their
 * references in order of scope and name; work that is new nobody can hold. Whoever else holds an
 * asset waits for no other, so those who wait for several meet in order and nobody meets them from
 * behind. Claim, reap, collect, evict and the count of uses take several of what is free and leave
 * out what others hold (SKIP LOCKED); reap looks for assets after work, hence takes only free ones.
 * Renew, retry and release change one work row and hold nothing else. So no circle of waiting can
 * form among the ledger's own transactions. A host that enlists a connection holds whatever it took
 * until it commits, in its own order: the database may find it in a circle, and undoes one of the
 * two.
 *
 * <p>On SQLite there is nothing to order: a transaction that writes has the one write lock from its
 * start.
 *
 * <p><b>Time.</b> {@code {now}} is read after a row's lock was waited for, so that a lease cannot
 * expire unnoticed in the wait. {@code {scan}} is read once, so that an index can be entered with
 * it.
 */
final class Statements {

  private Statements() {}

  // ---- schema

  static final String CREATE_SCHEMA_TABLE =
      """
      CREATE TABLE hfsm_schema (
        version    integer PRIMARY KEY,
        name       text NOT NULL,
        applied_at bigint NOT NULL
      )
      """;

  static final String SCHEMA_VERSION = "SELECT coalesce(max(version), 0) FROM hfsm_schema";

  static final String RECORD_VERSION =
      "INSERT INTO hfsm_schema (version, name, applied_at) VALUES (:version, :name, {now})";

  // ---- intake

  static final String FIND =
      """
      SELECT c.now AS now, {a.row}
      FROM (SELECT {now} AS now) AS c
      LEFT JOIN hfsm_asset AS a ON a.scope = :scope AND a.digest = :digest
      """;

  /**
   * Creates, counts, revives or heals; no row comes back if the key may not be named any more,
   * because it is stale or garbage. Locks the asset. Which it was can be read off the row: the
   * first upload created it, and {@code revived_by} and {@code healed_by} are the numbers of the
   * uploads that did so last. A trigger makes the key that is replaced garbage. The same admission
   * come again, as after an answer that was lost, heals nothing: it brings no other bytes.
   */
  static final String ADMIT =
      """
      INSERT INTO hfsm_asset AS a
        (scope, digest, size, storage_key, state, facts, pixels, uploads, admitted_at, changed_at,
         is_public, event, detail, worker, attempt)
      SELECT :scope, :digest, :size, :storage_key, 'INGESTED', :facts, :pixels, 1, c.now, c.now,
        coalesce({is public}, false), 'ADMITTED', NULL, NULL, 0
      FROM (SELECT {now} AS now) AS c
      WHERE :fresh_until >= c.now
        AND NOT EXISTS (SELECT 1 FROM hfsm_garbage AS g WHERE g.storage_key = :storage_key)
      ON CONFLICT (scope, digest) DO UPDATE SET
        uploads    = a.uploads + 1,
        is_public  = coalesce({is public}, a.is_public),
        storage_key = CASE WHEN a.state = 'FAILED' OR a.damage_code IS NOT NULL
                           THEN excluded.storage_key ELSE a.storage_key END,
        healed_by  = CASE WHEN a.state <> 'FAILED' AND a.damage_code IS NOT NULL
                            AND a.storage_key <> excluded.storage_key
                          THEN a.uploads + 1 ELSE a.healed_by END,
        damage_code    = CASE WHEN a.storage_key <> excluded.storage_key THEN NULL
                              ELSE a.damage_code END,
        damage_message = CASE WHEN a.storage_key <> excluded.storage_key THEN NULL
                              ELSE a.damage_message END,
        damage_retryable = CASE WHEN a.storage_key <> excluded.storage_key THEN NULL
                                ELSE a.damage_retryable END,
        damage_at      = CASE WHEN a.storage_key <> excluded.storage_key THEN NULL
                              ELSE a.damage_at END,
        revived_by = CASE WHEN a.state = 'FAILED' THEN a.uploads + 1 ELSE a.revived_by END,
        changed_at = CASE WHEN a.state = 'FAILED' THEN {now} ELSE a.changed_at END,
        event      = CASE WHEN a.state = 'FAILED' THEN 'UPLOADED_AGAIN' ELSE a.event END,
        detail     = CASE WHEN a.state = 'FAILED' THEN NULL ELSE a.detail END,
        worker     = CASE WHEN a.state = 'FAILED' THEN NULL ELSE a.worker END,
        attempt    = CASE WHEN a.state = 'FAILED' THEN 0 ELSE a.attempt END,
        state      = CASE WHEN a.state = 'FAILED' THEN 'INGESTED' ELSE a.state END
      RETURNING {asset row}, revived_by AS a_revived_by, healed_by AS a_healed_by
      """;

  /** Locks the asset even where nothing is counted. */
  static final String RETAIN =
      """
      UPDATE hfsm_asset SET
        uploads = uploads + :uploads, is_public = coalesce({is public}, is_public)
      WHERE {asset} RETURNING {asset row}
      """;

  /** A trigger notes the loss of whatever asset the name pointed at before. */
  static final String POINT =
      """
      INSERT INTO hfsm_reference AS r (scope, name, digest, since)
      VALUES (:scope, :name, :digest, {now})
      ON CONFLICT (scope, name) DO UPDATE SET digest = excluded.digest, since = {now}
        WHERE r.digest <> excluded.digest
      """;

  /** A trigger notes the loss. */
  static final String RELEASE_REFERENCE =
      """
      DELETE FROM hfsm_reference WHERE scope = :scope AND name = :name
      RETURNING scope AS r_scope, digest AS r_digest
      """;

  static final String RELEASE_REFERENCE_FROM =
      "DELETE FROM hfsm_reference WHERE {asset} AND name = :name";

  static final String LOCK_ASSET =
      """
      SELECT state, facts, {now} AS now FROM hfsm_asset WHERE {asset} {lock}
      """;

  /** No row comes back if the variant is made, being made, or failed too short a time ago. */
  static final String REQUEST_VARIANT =
      """
      INSERT INTO hfsm_variant AS v
        (scope, digest, variant, transformation, transformer, state, requested_at)
      VALUES (:scope, :digest, :variant, :transformation, :transformer, 'REQUESTED', {now})
      ON CONFLICT (scope, digest, variant) DO UPDATE SET
        state = 'REQUESTED', failure_code = NULL, failure_message = NULL,
        failure_retryable = NULL, failure_at = NULL, retry_after = NULL
        WHERE v.state = 'FAILED' AND v.retry_after <= {now}
      RETURNING {variant row}
      """;

  /** For a variant that was requested before and whose making has not begun. */
  static final String REQUEST_SOONER =
      """
      UPDATE hfsm_work SET
        due_at = {least}(due_at, {now} + :delay), priority = {greatest}(priority, :priority)
      WHERE {subject} AND attempts = 0 AND leased_until IS NULL AND dead_at IS NULL
        AND (due_at > {now} + :delay OR priority < :priority)
      """;

  // ---- work

  /** Owes work afresh, whatever was known about it. */
  static final String OWE =
      """
      INSERT INTO hfsm_work (scope, digest, kind, variant, priority, due_at, attempts)
      VALUES (:scope, :digest, :kind, :variant, :priority, {now} + :delay, 0)
      ON CONFLICT (scope, digest, kind, variant) DO UPDATE SET
        priority = excluded.priority, due_at = excluded.due_at, attempts = 0,
        worker = NULL, leased_until = NULL, failure_code = NULL, failure_message = NULL,
        failure_retryable = NULL, failure_at = NULL, dead_at = NULL
      """;

  /** Locks the work's row. */
  static final String HELD_ATTEMPTS = "SELECT attempts FROM hfsm_work WHERE {held} {lock}";

  static final String RENEW = "UPDATE hfsm_work SET leased_until = {now} + :millis WHERE {held}";

  static final String RETRY =
      """
      UPDATE hfsm_work SET
        due_at = {now} + :millis, worker = NULL, leased_until = NULL,
        failure_code = :failure_code, failure_message = :failure_message,
        failure_retryable = :failure_retryable, failure_at = :failure_at
      WHERE {held}
      """;

  static final String RELEASE_WORK =
      """
      UPDATE hfsm_work SET attempts = attempts - 1, worker = NULL, leased_until = NULL WHERE {held}
      """;

  /** For work whose row is locked. */
  static final String BURY =
      """
      UPDATE hfsm_work SET
        dead_at = {now}, fence = :number, worker = NULL, leased_until = NULL,
        failure_code = :failure_code, failure_message = :failure_message,
        failure_retryable = :failure_retryable, failure_at = :failure_at
      WHERE {subject}
      """;

  static final String LOCK_UNREADABLE = "SELECT 1 FROM hfsm_asset WHERE {asset} {lock}";

  static final String BURY_UNREADABLE = BURY + " AND fence = :fence";

  /** For an inspection that was given up by its columns alone. */
  static final String FAIL_UNREADABLE =
      """
      UPDATE hfsm_asset SET state = 'FAILED', event = 'EXHAUSTED', detail = :failure_code,
        worker = NULL, attempt = 0, changed_at = {now}
      WHERE {asset} AND :kind = 'INSPECT' AND state IN ('INGESTED', 'DEDUP_CHECK')
      """;

  /**
   * The trigger appends to the history what stands in the columns of the last change. Facts that
   * are not given stay.
   */
  static final String CHANGE_STATE =
      """
      UPDATE hfsm_asset SET
        state = :state, facts = coalesce(:facts, facts),
        pixels = CASE WHEN CAST(:facts AS text) IS NULL THEN pixels ELSE :pixels END,
        event = :event, detail = :detail,
        worker = :worker, attempt = :attempt, changed_at = {now}
      WHERE {asset}
      """;

  /** Settled steps and first variants; facts that are not given stay. */
  static final String MOVE_ALL =
      """
      UPDATE hfsm_asset SET
        state = i.c3, facts = coalesce(i.c4, facts),
        pixels = CASE WHEN i.c4 IS NULL THEN pixels ELSE i.c5 END,
        event = i.c6, detail = NULL, worker = i.c7, attempt = CAST(i.c8 AS integer),
        changed_at = {now}
      FROM ({moves}) AS i
      WHERE hfsm_asset.scope = i.c1 AND hfsm_asset.digest = i.c2 {few}
      """;

  /** For work whose row is locked. */
  static final String READY_ALL =
      """
      UPDATE hfsm_variant SET
        state = 'READY', storage_key = i.c4, content_digest = i.c5,
        content_size = CAST(i.c6 AS bigint), media_type = i.c7, width = CAST(i.c8 AS integer),
        height = CAST(i.c9 AS integer), cost_nanos = CAST(i.c10 AS bigint), uses = 1,
        used_at = {now}
      FROM ({made}) AS i
      WHERE hfsm_variant.scope = i.c1 AND hfsm_variant.digest = i.c2
        AND hfsm_variant.variant = i.c3 {few}
      """;

  /** For work whose row is locked. */
  static final String DONE_ALL =
      """
      DELETE FROM hfsm_work
      WHERE (scope, digest, kind, variant) IN (SELECT c1, c2, c3, c4 FROM ({done}) AS i
        WHERE true {few})
      """;

  /** What others hold is left out. */
  static final String USED =
      """
      UPDATE hfsm_variant SET uses = uses + CAST(i.c4 AS bigint), used_at = {now}
      FROM (
        SELECT v.scope AS c1, v.digest AS c2, v.variant AS c3, u.c4 AS c4
        FROM ({uses}) AS u
        JOIN hfsm_variant AS v ON v.scope = u.c1 AND v.digest = u.c2 AND v.variant = u.c3
        WHERE v.state = 'READY' {lock free}) AS i
      WHERE hfsm_variant.scope = i.c1 AND hfsm_variant.digest = i.c2
        AND hfsm_variant.variant = i.c3
      """;

  static final String VARIANT_FAILED =
      """
      UPDATE hfsm_variant SET
        state = 'FAILED', retry_after = {now} + :memory,
        failure_code = :failure_code, failure_message = :failure_message,
        failure_retryable = :failure_retryable, failure_at = :failure_at
      WHERE {asset} AND variant = :variant AND state = 'REQUESTED'
      """;

  /** Starts a variant again that had failed. */
  static final String VARIANT_AGAIN =
      """
      UPDATE hfsm_variant SET
        state = 'REQUESTED', retry_after = NULL, failure_code = NULL, failure_message = NULL,
        failure_retryable = NULL, failure_at = NULL
      WHERE {asset} AND variant = :variant AND state = 'FAILED'
      """;

  static final String DEAD_PRIORITY =
      "SELECT priority FROM hfsm_work WHERE {subject} AND dead_at IS NOT NULL {lock}";

  // ---- reader

  static final String ASSET = "SELECT {a.row} FROM hfsm_asset AS a WHERE {asset}";

  static final String ASSETS =
      """
      SELECT {a.row} FROM hfsm_asset AS a
      WHERE a.scope = :scope AND a.digest > :after ORDER BY a.digest LIMIT :limit
      """;

  static final String VARIANT =
      "SELECT {v.row} FROM hfsm_variant AS v WHERE {asset} AND variant = :variant";

  static final String VARIANTS =
      "SELECT {v.row} FROM hfsm_variant AS v WHERE {asset} ORDER BY variant";

  static final String HISTORY =
      """
      SELECT scope AS h_scope, digest AS h_digest, from_state AS h_from_state,
        to_state AS h_to_state, event AS h_event, detail AS h_detail, worker AS h_worker,
        attempt AS h_attempt, at AS h_at
      FROM hfsm_history WHERE {asset} ORDER BY seq
      """;

  static final String REFERENCES =
      """
      SELECT scope AS r_scope, digest AS r_digest, name AS r_name, since AS r_since
      FROM hfsm_reference WHERE {asset}
      """;

  static final String SAME_PIXELS =
      """
      SELECT scope AS a_scope, digest AS a_digest FROM hfsm_asset
      WHERE scope = :scope AND pixels = :pixels AND pixels IS NOT NULL
      ORDER BY admitted_at, seq LIMIT :limit
      """;

  // ---- operator

  /**
   * By primary key: the scan ends even while work comes and goes. Looks at {@code look} rows and no
   * more, however few of them are due; the last of those comes back too, as the place to go on.
   */
  static final String DUE =
      """
      SELECT {w.row}, w.is_due AS is_due, w.place AS place FROM (
        SELECT s.*, row_number() OVER (ORDER BY scope, digest, kind, variant) AS place,
          leased_until IS NULL AND dead_at IS NULL AND due_at <= {scan}
            AND kind NOT IN (SELECT p.kind FROM hfsm_pause AS p) AS is_due
        FROM (
          SELECT * FROM hfsm_work
          WHERE (scope, digest, kind, variant) > (:scope, :digest, :kind, :variant)
          ORDER BY scope, digest, kind, variant LIMIT :look) AS s) AS w
      WHERE w.is_due OR w.place = :look
      ORDER BY w.scope, w.digest, w.kind, w.variant LIMIT :limit
      """;

  static final String DEAD =
      """
      SELECT {w.row} FROM hfsm_work AS w
      WHERE w.dead_at IS NOT NULL AND w.fence > :after ORDER BY w.fence LIMIT :limit
      """;

  static final String PAUSE =
      "INSERT INTO hfsm_pause (kind, at) VALUES (:kind, {now}) ON CONFLICT (kind) DO NOTHING";

  static final String RESUME = "DELETE FROM hfsm_pause WHERE kind = :kind";

  static final String PAUSED = "SELECT kind FROM hfsm_pause";

  static final String WORK =
      "SELECT {w.row} FROM hfsm_work AS w WHERE {asset} ORDER BY kind, variant";

  /** One row per state, and one of the variants under the name VARIANT. */
  static final String STATS =
      """
      SELECT state AS state, count(*) AS count,
        CAST(sum(size * uploads) AS bigint) AS logical, CAST(sum(size) AS bigint) AS stored,
        CAST(sum(uploads - 1) AS bigint) AS duplicates
      FROM hfsm_asset WHERE scope = :scope GROUP BY state
      UNION ALL
      SELECT 'VARIANT', count(*), 0, CAST(coalesce(sum(content_size), 0) AS bigint), 0
      FROM hfsm_variant WHERE scope = :scope AND state = 'READY'
      """;
}

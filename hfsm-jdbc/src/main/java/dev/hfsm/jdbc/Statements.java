package dev.hfsm.jdbc;

/**
 * The ledger's statements in the words both databases understand; {@link Sql} fills in the braces.
 *
 * <p><b>Locking.</b> One order of waiting holds everywhere: asset, reference, released row,
 * variant, work. Whoever needs an asset to stand still locks its row first (admit and retain by
 * updating it, the others by {@link #LOCK_ASSET}) and looks at everything else in later statements,
 * which see what was committed while it waited. Nobody waits for a second asset, nor for a second
 * piece of work: claim, reap and collect take several of what is free and leave out what others
 * hold (SKIP LOCKED); reap looks for assets after work, hence takes only free ones. Renew, retry
 * and release change one work row and hold nothing else. So no circle of waiting can form. On
 * SQLite there is nothing to order: a transaction that writes has the one write lock from its
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
   * Creates, counts or revives; no row comes back if the key may not be named any more, because it
   * is stale or garbage. Locks the asset. Which it was can be read off the row: the first upload
   * created it, and {@code revived_by} is the number of the upload that revived it last. A trigger
   * makes the key that a revival replaces garbage.
   */
  static final String ADMIT =
      """
      INSERT INTO hfsm_asset AS a
        (scope, digest, size, storage_key, state, facts, pixels, uploads, admitted_at, changed_at,
         event, detail, worker, attempt)
      SELECT :scope, :digest, :size, :storage_key, 'INGESTED', :facts, :pixels, 1, c.now, c.now,
        'ADMITTED', NULL, NULL, 0
      FROM (SELECT {now} AS now) AS c
      WHERE :fresh_until >= c.now
        AND NOT EXISTS (SELECT 1 FROM hfsm_garbage AS g WHERE g.storage_key = :storage_key)
      ON CONFLICT (scope, digest) DO UPDATE SET
        uploads    = a.uploads + 1,
        storage_key = CASE WHEN a.state = 'FAILED' THEN excluded.storage_key
                           ELSE a.storage_key END,
        revived_by = CASE WHEN a.state = 'FAILED' THEN a.uploads + 1 ELSE a.revived_by END,
        changed_at = CASE WHEN a.state = 'FAILED' THEN {now} ELSE a.changed_at END,
        event      = CASE WHEN a.state = 'FAILED' THEN 'UPLOADED_AGAIN' ELSE a.event END,
        detail     = CASE WHEN a.state = 'FAILED' THEN NULL ELSE a.detail END,
        worker     = CASE WHEN a.state = 'FAILED' THEN NULL ELSE a.worker END,
        attempt    = CASE WHEN a.state = 'FAILED' THEN 0 ELSE a.attempt END,
        state      = CASE WHEN a.state = 'FAILED' THEN 'INGESTED' ELSE a.state END
      RETURNING {asset row}, revived_by AS a_revived_by
      """;

  /** Locks the asset even where nothing is counted. */
  static final String RETAIN =
      """
      UPDATE hfsm_asset SET uploads = uploads + :uploads WHERE {asset} RETURNING {asset row}
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

  // ---- work

  /** Owes work afresh, whatever was known about it. */
  static final String OWE =
      """
      INSERT INTO hfsm_work (scope, digest, kind, variant, priority, due_at, attempts)
      VALUES (:scope, :digest, :kind, :variant, :priority, {now}, 0)
      ON CONFLICT (scope, digest, kind, variant) DO UPDATE SET
        priority = excluded.priority, due_at = excluded.due_at, attempts = 0,
        worker = NULL, leased_until = NULL, failure_code = NULL, failure_message = NULL,
        failure_retryable = NULL, failure_at = NULL, dead_at = NULL
      """;

  /** Locks the work's row. */
  static final String HELD_ATTEMPTS = "SELECT attempts FROM hfsm_work WHERE {held} {lock}";

  /** For work whose row is locked. */
  static final String SETTLE = "DELETE FROM hfsm_work WHERE {subject}";

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

  /** Work whose lease has run out, locked. */
  static final String EXPIRED =
      """
      SELECT {w.row}, {now} AS now FROM hfsm_work AS w
      WHERE w.leased_until IS NOT NULL AND w.leased_until <= {scan}
      ORDER BY w.leased_until LIMIT :limit {lock free}
      """;

  /** For work that {@link #EXPIRED} has locked. */
  static final String FREE_EXPIRED =
      """
      UPDATE hfsm_work SET
        due_at = {now}, worker = NULL, leased_until = NULL,
        failure_code = :failure_code, failure_message = :failure_message,
        failure_retryable = :failure_retryable, failure_at = :failure_at
      WHERE {subject}
      """;

  /** Finds nothing if another transaction has the asset: what is to be done can wait. */
  static final String LOCK_FREE_ASSET =
      """
      SELECT state, facts, {now} AS now FROM hfsm_asset AS a WHERE {asset} {lock free}
      """;

  /** The trigger appends to the history what stands in the columns of the last change. */
  static final String CHANGE_STATE =
      """
      UPDATE hfsm_asset SET
        state = :state, facts = :facts, pixels = :pixels, event = :event, detail = :detail,
        worker = :worker, attempt = :attempt, changed_at = {now}
      WHERE {asset}
      """;

  static final String VARIANT_READY =
      """
      UPDATE hfsm_variant SET
        state = 'READY', storage_key = :storage_key, content_digest = :content_digest,
        content_size = :content_size, media_type = :media_type, width = :width, height = :height,
        cost_nanos = :cost_nanos
      WHERE {asset} AND variant = :variant
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

  // ---- collector

  /** Assets that lost a reference long ago, both rows locked, those that others lock left out. */
  static final String COLLECTABLE =
      """
      SELECT r.scope AS r_scope, r.digest AS r_digest
      FROM hfsm_released AS r
      JOIN hfsm_asset AS a ON a.scope = r.scope AND a.digest = r.digest
      WHERE r.at <= {scan} - :grace
      ORDER BY r.at LIMIT :limit {lock free}
      """;

  /** A statement after the lock: sees every claim committed before it. */
  static final String STILL_CLAIMED =
      """
      SELECT DISTINCT scope AS r_scope, digest AS r_digest FROM hfsm_reference
      WHERE (scope, digest) IN ({assets})
      """;

  static final String ASSETS_TO_GARBAGE =
      """
      INSERT INTO hfsm_garbage (storage_key, at)
      SELECT storage_key, {now} FROM hfsm_asset WHERE (scope, digest) IN ({assets})
      UNION ALL
      SELECT storage_key, {now} FROM hfsm_variant
      WHERE (scope, digest) IN ({assets}) AND storage_key IS NOT NULL
      """;

  static final String REMOVE_WORK = "DELETE FROM hfsm_work WHERE (scope, digest) IN ({assets})";

  static final String REMOVE_VARIANTS =
      "DELETE FROM hfsm_variant WHERE (scope, digest) IN ({assets})";

  static final String REMOVE_RELEASED =
      "DELETE FROM hfsm_released WHERE (scope, digest) IN ({assets})";

  static final String REMOVE_ASSETS = "DELETE FROM hfsm_asset WHERE (scope, digest) IN ({assets})";

  static final String VARIANTS_TO_GARBAGE =
      """
      INSERT INTO hfsm_garbage (storage_key, at)
      SELECT storage_key, {now} FROM hfsm_variant
      WHERE {asset} AND variant IN ({variants}) AND state = 'READY'
      """;

  static final String EVICT =
      """
      DELETE FROM hfsm_variant WHERE {asset} AND variant IN ({variants}) AND state = 'READY'
      """;

  static final String GARBAGE =
      "SELECT storage_key FROM hfsm_garbage ORDER BY at, storage_key LIMIT :limit";

  static final String FORGET = "DELETE FROM hfsm_garbage WHERE storage_key IN ({keys})";

  static final String NAMED =
      """
      SELECT storage_key FROM hfsm_asset WHERE storage_key IN ({keys})
      UNION
      SELECT storage_key FROM hfsm_variant
      WHERE storage_key IS NOT NULL AND storage_key IN ({keys})
      UNION
      SELECT storage_key FROM hfsm_garbage WHERE storage_key IN ({keys})
      """;

  static final String LEASE_CHORE =
      """
      INSERT INTO hfsm_chore AS c (name, worker, leased_until)
      VALUES (:name, :worker, {now} + :millis)
      ON CONFLICT (name) DO UPDATE SET
        worker = excluded.worker, leased_until = excluded.leased_until
        WHERE c.worker = excluded.worker OR c.leased_until <= {now}
      """;

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

  /** By primary key: the scan ends even while work comes and goes. */
  static final String DUE =
      """
      SELECT {w.row} FROM hfsm_work AS w
      WHERE (w.scope, w.digest, w.kind, w.variant) > (:scope, :digest, :kind, :variant)
        AND w.leased_until IS NULL AND w.dead_at IS NULL AND w.due_at <= {scan}
      ORDER BY w.scope, w.digest, w.kind, w.variant LIMIT :limit
      """;

  static final String DEAD =
      """
      SELECT {w.row} FROM hfsm_work AS w
      WHERE w.dead_at IS NOT NULL AND w.fence > :after ORDER BY w.fence LIMIT :limit
      """;

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

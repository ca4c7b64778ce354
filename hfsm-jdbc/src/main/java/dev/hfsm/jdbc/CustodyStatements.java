package dev.hfsm.jdbc;

/**
 * The statements of those who clear away and of those who answer for what is kept; locking and time
 * are explained above the {@link Statements}.
 */
final class CustodyStatements {

  private CustodyStatements() {}

  // ---- collector

  /** Assets that lost a reference long ago, both rows locked, those that others lock left out. */
  static final String RELEASED =
      """
      SELECT r.scope AS r_scope, r.digest AS r_digest, a.hold IS NOT NULL AS held
      FROM hfsm_released AS r
      JOIN hfsm_asset AS a ON a.scope = r.scope AND a.digest = r.digest
      WHERE r.at <= {scan} - :grace
      ORDER BY r.at LIMIT :limit {lock free}
      """;

  /** What a collection would find to remove, with what would go. */
  static final String COLLECTABLE =
      """
      SELECT r.scope AS r_scope, r.digest AS r_digest, r.at AS r_at, a.size AS size,
        (SELECT count(*) FROM hfsm_variant AS v
         WHERE v.scope = r.scope AND v.digest = r.digest AND v.state = 'READY') AS variants,
        (SELECT CAST(coalesce(sum(v.content_size), 0) AS bigint) FROM hfsm_variant AS v
         WHERE v.scope = r.scope AND v.digest = r.digest AND v.state = 'READY') AS bytes
      FROM hfsm_released AS r
      JOIN hfsm_asset AS a ON a.scope = r.scope AND a.digest = r.digest
      WHERE r.at <= {scan} - :grace AND (r.at, r.scope, r.digest) > (:at, :scope, :digest)
        AND a.hold IS NULL
        AND NOT EXISTS (SELECT 1 FROM hfsm_reference AS f
          WHERE f.scope = r.scope AND f.digest = r.digest)
      ORDER BY r.at, r.scope, r.digest LIMIT :limit
      """;

  /** A statement after the lock: sees every claim committed before it. */
  static final String STILL_CLAIMED =
      """
      SELECT DISTINCT scope AS r_scope, digest AS r_digest FROM hfsm_reference
      WHERE (scope, digest) IN ({assets})
      """;

  static final String REMOVE_WORK = "DELETE FROM hfsm_work WHERE (scope, digest) IN ({assets})";

  static final String REMOVE_RELEASED =
      "DELETE FROM hfsm_released WHERE (scope, digest) IN ({assets})";

  static final String REMOVE_ASSETS =
      "DELETE FROM hfsm_asset WHERE (scope, digest) IN ({assets}) RETURNING storage_key, size";

  /** Variants before garbage, here and in an eviction: so neither waits for the other. */
  static final String REMOVE_VARIANTS =
      "DELETE FROM hfsm_variant WHERE (scope, digest) IN ({assets})"
          + " RETURNING storage_key, content_size AS size";

  static final String REMOVE_REFERENCES = "DELETE FROM hfsm_reference WHERE {asset} RETURNING name";

  static final String TO_GARBAGE =
      """
      INSERT INTO hfsm_garbage (storage_key, at, size)
      SELECT c1, {now}, CAST(c2 AS bigint) FROM ({discarded}) AS i
      WHERE true ON CONFLICT (storage_key) DO NOTHING
      """;

  /** Needs no asset to stand still: a key is named by one variant, and made READY once. */
  static final String EVICT =
      """
      DELETE FROM hfsm_variant WHERE (scope, digest, variant) IN (
        SELECT scope, digest, variant FROM hfsm_variant
        WHERE storage_key IS NOT NULL AND storage_key IN ({keys}) AND state = 'READY' {lock free})
      RETURNING storage_key, content_size AS size
      """;

  /** The least worth first, and among equals by what stands for the key. */
  static final String EVICTABLE =
      """
      SELECT storage_key, content_size, worth, used_at FROM hfsm_variant
      WHERE state = 'READY' AND (worth, {key order}) > (:worth, {after order})
        AND used_at <= {scan} - :idle
      ORDER BY worth, {key order} LIMIT :limit
      """;

  static final String VARIANT_BYTES =
      "SELECT CAST(coalesce(sum(content_size), 0) AS bigint) FROM hfsm_variant"
          + " WHERE state = 'READY'";

  /**
   * The end of an original's key is {@code raw/ab/cd/<64 hex>-<stamp>}, 102 characters, and what is
   * before that its scope. A scalar subquery, so that each key is one look-up by primary key.
   */
  private static final String HOLD_ON_GARBAGE =
      """
      (SELECT a.hold FROM hfsm_asset AS a
        WHERE substr(g.storage_key, length(g.storage_key) - 101, 4) = 'raw/'
          AND a.scope = CASE WHEN length(g.storage_key) > 102
            THEN substr(g.storage_key, 1, length(g.storage_key) - 103) ELSE '' END
          AND a.digest = substr(g.storage_key, length(g.storage_key) - 91, 64))
      """;

  static final String GARBAGE =
      "SELECT g.storage_key, g.size FROM hfsm_garbage AS g WHERE "
          + HOLD_ON_GARBAGE
          + " IS NULL ORDER BY g.at, g.storage_key LIMIT :limit";

  static final String WITHHELD =
      "SELECT g.storage_key FROM hfsm_garbage AS g WHERE g.storage_key > :after AND "
          + HOLD_ON_GARBAGE
          + " IS NOT NULL ORDER BY g.storage_key LIMIT :limit";

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

  // ---- removals

  static final String REMOVALS_END = "SELECT last FROM hfsm_removal_end";

  /** End and entries as one snapshot has them. One row without an entry comes if there is none. */
  static final String REMOVALS =
      """
      SELECT e.last AS last, r.seq AS place, r.scope AS r_scope, r.digest AS r_digest
      FROM hfsm_removal_end AS e
      LEFT JOIN (SELECT * FROM hfsm_removal WHERE seq > :after ORDER BY seq LIMIT :limit) AS r
        ON true
      ORDER BY r.seq
      """;

  /** Looks at the oldest entries alone. */
  static final String TRIM_REMOVALS =
      """
      DELETE FROM hfsm_removal WHERE at <= {scan} - :age AND seq IN (
        SELECT seq FROM hfsm_removal ORDER BY seq LIMIT :limit)
      """;

  // ---- chores

  static final String LEASE_CHORE =
      """
      INSERT INTO hfsm_chore AS c (name, worker, leased_until)
      VALUES (:name, :worker, {now} + :millis)
      ON CONFLICT (name) DO UPDATE SET
        worker = excluded.worker, leased_until = excluded.leased_until
        WHERE c.worker = excluded.worker OR c.leased_until <= {now}
      RETURNING progress
      """;

  private static final String HOLDS_CHORE =
      "WHERE name = :name AND worker = :worker AND leased_until > {now}";

  static final String NOTE_PROGRESS = "UPDATE hfsm_chore SET progress = :progress " + HOLDS_CHORE;

  static final String NOTED = "SELECT progress FROM hfsm_chore WHERE name = :name";

  static final String RELEASE_CHORE = "UPDATE hfsm_chore SET leased_until = {now} " + HOLDS_CHORE;

  // ---- custody

  static final String LEDGER_ID = "SELECT id FROM hfsm_ledger";

  /** The subselects stop at the limit each, so that a page costs a page. */
  static final String INVENTORY =
      """
      SELECT storage_key, digest, size FROM (
        SELECT * FROM (
          SELECT storage_key, digest, size FROM hfsm_asset
          WHERE storage_key > :after ORDER BY storage_key LIMIT :limit) AS a
        UNION ALL
        SELECT * FROM (
          SELECT storage_key, content_digest, content_size FROM hfsm_variant
          WHERE storage_key IS NOT NULL AND storage_key > :after
          ORDER BY storage_key LIMIT :limit) AS v) AS k
      ORDER BY storage_key LIMIT :limit
      """;

  static final String HOLD = "UPDATE hfsm_asset SET hold = :hold WHERE {asset}";

  static final String UNHOLD =
      "UPDATE hfsm_asset SET hold = NULL WHERE {asset} AND hold IS NOT NULL";

  static final String SHOW = "UPDATE hfsm_asset SET is_public = :is_public WHERE {asset}";

  /** As if it had lost a reference now; a collection finds out whether anything claims it. */
  static final String START_GRACE =
      """
      INSERT INTO hfsm_released (scope, digest, at) VALUES (:scope, :digest, {now})
      ON CONFLICT (scope, digest) DO UPDATE SET at = excluded.at
      """;

  static final String LOCK_FOR_PURGE =
      """
      SELECT hold IS NOT NULL AS held FROM hfsm_asset WHERE {asset} {lock}
      """;

  static final String NOW = "SELECT {now} AS now";

  static final String MARK_DAMAGED =
      """
      UPDATE hfsm_asset SET damage_code = :failure_code, damage_message = :failure_message,
        damage_retryable = :failure_retryable, damage_at = :failure_at
      WHERE {asset} AND storage_key = :storage_key
      """;

  static final String MARK_SOUND =
      """
      UPDATE hfsm_asset SET damage_code = NULL, damage_message = NULL, damage_retryable = NULL,
        damage_at = NULL
      WHERE {asset} AND storage_key = :storage_key AND damage_code IS NOT NULL
      """;
}

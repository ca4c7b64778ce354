package dev.hfsm.jdbc;

import dev.hfsm.ledger.WorkLedger;

/**
 * The statements that take leases away. The work is locked first and its asset without waiting,
 * against the order of all others: what another has is left for the next reaping. Then each table
 * is written once, however many leases have run out.
 */
final class ReapStatements {

  private ReapStatements() {}

  private static final String BECAUSE =
      "failure_code = '"
          + WorkLedger.WORKER_LOST
          + "', failure_message = i.c5, failure_retryable = true,"
          + " failure_at = CAST(i.c6 AS bigint)";

  private static final String THIS_WORK =
      """
      WHERE hfsm_work.scope = i.c1 AND hfsm_work.digest = i.c2 AND hfsm_work.kind = i.c3
        AND hfsm_work.variant = i.c4 {few}
      """;

  /** Work whose lease has run out, locked. */
  static final String EXPIRED =
      """
      SELECT {w.row}, {now} AS now FROM hfsm_work AS w
      WHERE w.leased_until IS NOT NULL AND w.leased_until <= {scan}
      ORDER BY w.leased_until LIMIT :limit {lock free}
      """;

  /** Leaves out assets that another transaction has. */
  static final String LOCK_FREE_ASSETS =
      """
      SELECT a.scope AS r_scope, a.digest AS r_digest FROM hfsm_asset AS a
      WHERE (a.scope, a.digest) IN ({assets}) {lock free}
      """;

  static final String FREE_ALL =
      "UPDATE hfsm_work SET due_at = {now}, worker = NULL, leased_until = NULL, "
          + BECAUSE
          + " FROM ({freed}) AS i "
          + THIS_WORK;

  static final String BURY_ALL =
      "UPDATE hfsm_work SET dead_at = {now}, fence = CAST(i.c7 AS bigint), worker = NULL,"
          + " leased_until = NULL, "
          + BECAUSE
          + " FROM ({buried}) AS i "
          + THIS_WORK;

  /** The trigger appends to the history. */
  static final String EXHAUST_ALL =
      """
      UPDATE hfsm_asset SET state = 'FAILED', event = 'EXHAUSTED', detail = '%s', worker = i.c8,
        attempt = CAST(i.c9 AS integer), changed_at = {now}
      FROM ({exhausted}) AS i
      WHERE hfsm_asset.scope = i.c1 AND hfsm_asset.digest = i.c2
        AND hfsm_asset.state IN ('INGESTED', 'DEDUP_CHECK') {few}
      """
          .formatted(WorkLedger.WORKER_LOST);

  static final String VARIANTS_FAILED =
      """
      UPDATE hfsm_variant SET state = 'FAILED', retry_after = {now} + %d, %s
      FROM ({failed}) AS i
      WHERE hfsm_variant.scope = i.c1 AND hfsm_variant.digest = i.c2
        AND hfsm_variant.variant = i.c4 AND hfsm_variant.state = 'REQUESTED' {few}
      """
          .formatted(WorkLedger.FAILURE_MEMORY.toMillis(), BECAUSE);
}

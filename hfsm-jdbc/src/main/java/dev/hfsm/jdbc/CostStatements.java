package dev.hfsm.jdbc;

/**
 * The statements about what variants cost; time is explained above the {@link Statements}. Rows of
 * these tables are written in order of scope and together with no others, so nobody who waits for
 * one holds anything another waits for. Minutes are known by their first millisecond.
 */
final class CostStatements {

  private CostStatements() {}

  static final String SPEND =
      """
      INSERT INTO hfsm_cost AS c (at, scope, nanos, variants, bytes)
      VALUES ({now} / 60000 * 60000, :scope, :nanos, :variants, :bytes)
      ON CONFLICT (at, scope) DO UPDATE SET nanos = c.nanos + excluded.nanos,
        variants = c.variants + excluded.variants, bytes = c.bytes + excluded.bytes
      """;

  /** A minute counts if any of it lies in the window, or after the measuring. */
  static final String COSTS =
      """
      SELECT scope, CAST(sum(nanos) AS bigint) AS nanos, CAST(sum(variants) AS bigint) AS variants,
        CAST(sum(stored) AS bigint) AS stored
      FROM (
        SELECT scope, nanos, variants, 0 AS stored FROM hfsm_cost
        WHERE at + 60000 > {scan} - :window
        UNION ALL
        SELECT scope, 0, 0, bytes FROM hfsm_stored
        UNION ALL
        SELECT scope, 0, 0, bytes FROM hfsm_cost
        WHERE at + 60000 > (SELECT coalesce(max(at), 0) FROM hfsm_measured)) AS k
      GROUP BY scope ORDER BY scope
      """;

  /** Before the variants are looked at: what is published meanwhile may be counted twice. */
  static final String MEASURED =
      """
      INSERT INTO hfsm_measured (one, at) VALUES (1, {now})
      ON CONFLICT (one) DO UPDATE SET at = excluded.at
      """;

  static final String FORGET_STORED = "DELETE FROM hfsm_stored";

  static final String MEASURE =
      """
      INSERT INTO hfsm_stored (scope, bytes)
      SELECT scope, CAST(coalesce(sum(content_size), 0) AS bigint) FROM hfsm_variant
      WHERE state = 'READY' GROUP BY scope
      """;

  static final String FORGET = "DELETE FROM hfsm_cost WHERE at + 60000 <= {scan} - :age";
}

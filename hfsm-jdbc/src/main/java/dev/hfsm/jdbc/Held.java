package dev.hfsm.jdbc;

import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * What stands in the rows of a lease, both of which this transaction has locked.
 *
 * @param number which lease of those asked for
 * @param attempt which attempt at the work it is
 * @param leasedUntil when the lease ends
 * @param state of the asset
 * @param facts of the asset, unread
 * @param now the ledger's time when the locks were got
 */
record Held(
    int number, int attempt, Instant leasedUntil, AssetState state, String facts, Instant now) {

  static Held of(ResultSet row) throws SQLException {
    return new Held(
        row.getInt("number"),
        row.getInt("attempts"),
        Rows.instant(row, "leased_until"),
        AssetState.valueOf(row.getString("state")),
        row.getString("facts"),
        Rows.instant(row, "now"));
  }

  Facts knownFacts() {
    return Facts.parse(facts);
  }
}

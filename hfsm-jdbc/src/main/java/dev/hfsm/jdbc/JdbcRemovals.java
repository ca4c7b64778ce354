package dev.hfsm.jdbc;

import dev.hfsm.ledger.RemovalLedger;
import dev.hfsm.ledger.Removals;
import dev.hfsm.model.AssetId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

final class JdbcRemovals implements RemovalLedger {

  private final Transactions transactions;
  private final Sql sql;

  JdbcRemovals(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @Override
  public long end() {
    return transactions.read(
        "find the end of the log of removals",
        handle ->
            handle.createQuery(sql.of(CustodyStatements.REMOVALS_END)).mapTo(Long.class).one());
  }

  /**
   * @param asset null in the one row of an empty part
   */
  private record Row(@Nullable AssetId asset, long place, long end) {}

  @Override
  public Removals after(long place, int limit) {
    List<Row> rows =
        transactions.read(
            "read the log of removals",
            handle ->
                handle
                    .createQuery(sql.of(CustodyStatements.REMOVALS))
                    .bind("after", place)
                    .bind("limit", limit)
                    .map(
                        (row, context) ->
                            new Row(
                                row.getString("r_digest") == null ? null : Rows.assetId(row, "r_"),
                                row.getLong("place"),
                                row.getLong("last")))
                    .list());
    List<AssetId> assets = rows.stream().map(Row::asset).filter(Objects::nonNull).toList();
    return Removals.of(assets, rows.get(0).place(), place, rows.get(0).end());
  }

  @Override
  public int trim(Duration age, int limit) {
    return transactions.writeOne(
        "trim the log of removals",
        handle ->
            handle
                .createUpdate(sql.of(CustodyStatements.TRIM_REMOVALS))
                .bind("age", age.toMillis())
                .bind("limit", limit)
                .execute());
  }
}

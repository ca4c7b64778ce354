package dev.hfsm.jdbc;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/**
 * LISTEN and NOTIFY, on a channel of the ledger's own: channels belong to a database, and a
 * database can hold several ledgers.
 */
final class PostgresBell implements LedgerBell {

  /**
   * A transaction by itself. NOTIFY writes a commit record, which need not be flushed: who hears it
   * looks at what was committed, and flushed, before.
   */
  private static final String RING =
      """
      SELECT set_config('synchronous_commit', 'off', true), pg_notify(:channel, c1)
      FROM ({keys}) AS payload
      """;

  private final DataSource database;
  private final Transactions transactions;
  private final Sql sql;
  private final Calm calm;
  private final String channel;

  PostgresBell(
      DataSource database, Transactions transactions, Sql sql, Calm calm, String ledgerId) {
    this.database = database;
    this.transactions = transactions;
    this.sql = sql;
    this.calm = calm;
    this.channel = "hfsm_" + ledgerId.replace("-", "");
  }

  @Override
  public void ring(Collection<Ring> rings) {
    if (rings.isEmpty()) {
      return;
    }
    List<String> payloads = Payloads.of(rings).stream().map(Json::texts).toList();
    transactions.writeOne(
        "ring the bell",
        handle ->
            handle
                .createQuery(sql.of(RING))
                .bind("channel", channel)
                .bind("keys", Json.rows(payloads))
                .map((row, context) -> channel)
                .list());
  }

  @Override
  public Listening listen() {
    try {
      Connection connection = database.getConnection();
      try {
        return PostgresListening.open(connection, channel, calm);
      } catch (SQLException | RuntimeException | LinkageError e) {
        try (connection) {
          throw e;
        }
      }
    } catch (LinkageError e) {
      throw new LedgerException(
          "ledger bell: expected the PostgreSQL driver org.postgresql:postgresql on the class path,"
              + " found no such class; listening needs it, polling does not",
          e,
          false);
    } catch (SQLException e) {
      throw SqlErrors.translate("listen for rings", e);
    }
  }
}

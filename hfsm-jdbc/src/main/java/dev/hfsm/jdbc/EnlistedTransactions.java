package dev.hfsm.jdbc;

import dev.hfsm.error.LedgerException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Runs the ledger's methods inside a transaction that is the host's: never commits, never rolls
 * back, never runs anything again. For one thread, as the connection is.
 */
final class EnlistedTransactions implements Transactions {

  private final Connection connection;
  private final Jdbi jdbi;

  EnlistedTransactions(Connection connection) {
    this.connection = connection;
    this.jdbi = Transactions.configured(Jdbi.create(connection));
  }

  /**
   * Refuses a connection on which every statement would be a transaction by itself, or on which a
   * later statement would not see what was committed in between.
   */
  static void check(Connection connection, Sql sql) {
    try {
      if (connection.getAutoCommit()) {
        throw new IllegalArgumentException(
            "enlisted connection: expected autocommit off, found it on; call setAutoCommit(false)"
                + " before the transaction begins");
      }
      int isolation = connection.getTransactionIsolation();
      if (sql instanceof PostgresSql && isolation != Connection.TRANSACTION_READ_COMMITTED) {
        throw new IllegalArgumentException(
            "enlisted connection: expected isolation READ COMMITTED, found JDBC level "
                + isolation);
      }
    } catch (SQLException e) {
      throw SqlErrors.translate("look at the enlisted connection", e);
    }
  }

  @Override
  public <T> T write(String what, Function<Handle, T> body) {
    return join(what, body);
  }

  @Override
  public <T> T writeOne(String what, Function<Handle, T> body) {
    return join(what, body);
  }

  @Override
  public <T> T read(String what, Function<Handle, T> body) {
    return join(what, body);
  }

  private <T> T join(String what, Function<Handle, T> body) {
    try {
      if (connection.getAutoCommit()) {
        throw new LedgerException(
            "enlisted connection: expected autocommit off, found that it was turned on",
            null,
            false);
      }
      // Closing a handle of a given connection leaves the connection open.
      try (Handle handle = jdbi.open()) {
        return body.apply(handle);
      }
    } catch (JdbiException | SQLException e) {
      throw SqlErrors.translate(what + " in the host's transaction", e);
    }
  }
}

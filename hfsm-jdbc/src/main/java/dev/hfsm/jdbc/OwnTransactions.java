package dev.hfsm.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the ledger's methods as transactions, on pools with autocommit on and off alike. A
 * transaction that the database says it has undone (deadlock, serialization, busy) is run again a
 * few times; one whose outcome is unknown never is. Thread-safe.
 */
final class OwnTransactions implements Transactions {

  private static final Logger LOG = LoggerFactory.getLogger(OwnTransactions.class);

  private static final int TRIES = 5;
  private static final long LONGEST_TURN_SECONDS = 30;

  private final Jdbi jdbi;
  private final @Nullable String begin;

  /**
   * Of a database that has one writer at a time: the writers of this process wait here, in their
   * order, without a connection, and are woken at once. The database lets them sleep for longer and
   * longer, up to a tenth of a second, and whoever comes meanwhile goes first.
   */
  private final ReentrantLock turn = new ReentrantLock(true);

  private final Calm calm;

  /**
   * @param calm told of everything that may have been the end of the server
   */
  OwnTransactions(DataSource database, Sql sql, Calm calm) {
    this.calm = calm;
    jdbi = Transactions.configured(Jdbi.create(database));
    begin = sql.begin();
  }

  private interface Attempt<T> {
    T on(Handle handle) throws SQLException;
  }

  @Override
  public <T> T write(String what, Function<Handle, T> body) {
    if (begin == null) {
      return attempt(what, handle -> inTransaction(handle, body));
    }
    boolean ours = awaitTurn();
    try {
      return attempt(what, handle -> inTransaction(handle, body));
    } finally {
      if (ours) {
        turn.unlock();
      }
    }
  }

  /** Whoever does not get it in time, or is interrupted, leaves it to the database to decide. */
  private boolean awaitTurn() {
    try {
      return turn.tryLock(LONGEST_TURN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public <T> T writeOne(String what, Function<Handle, T> body) {
    return begin == null ? attempt(what, handle -> alone(handle, body)) : write(what, body);
  }

  @Override
  public <T> T read(String what, Function<Handle, T> body) {
    return attempt(what, handle -> alone(handle, body));
  }

  private <T> T attempt(String what, Attempt<T> body) {
    for (int tried = 1; ; tried++) {
      try {
        return withHandle(body);
      } catch (JdbiException | SQLException e) {
        if (SqlErrors.mayHaveEnded(e)) {
          calm.disturb();
        }
        SQLException found = SqlErrors.databaseError(e);
        if (found == null || !SqlErrors.isUndone(found) || tried == TRIES) {
          throw SqlErrors.translate(what, e);
        }
        LOG.debug("the database undid a transaction, try {} of {}", tried, TRIES, found);
      }
    }
  }

  private <T> T withHandle(Attempt<T> body) throws SQLException {
    Handle handle = jdbi.open();
    try {
      return body.on(handle);
    } finally {
      // Whatever was to happen has happened: a connection that cannot be given back changes
      // nothing.
      quietly("give a connection back", handle::close);
    }
  }

  private static <T> T alone(Handle handle, Function<Handle, T> body) throws SQLException {
    Connection connection = handle.getConnection();
    if (connection.getAutoCommit()) {
      return body.apply(handle);
    }
    return inPlace(connection, body, handle);
  }

  private <T> T inTransaction(Handle handle, Function<Handle, T> body) throws SQLException {
    Connection connection = handle.getConnection();
    boolean auto = connection.getAutoCommit();
    boolean wanted = begin != null;
    if (auto != wanted) {
      connection.setAutoCommit(wanted);
    }
    try {
      return begin == null
          ? inPlace(connection, body, handle)
          : explicitly(begin, connection, body, handle);
    } finally {
      if (auto != wanted) {
        quietly("restore autocommit", () -> connection.setAutoCommit(auto));
      }
    }
  }

  /** The driver began the transaction with the first statement. */
  private static <T> T inPlace(Connection connection, Function<Handle, T> body, Handle handle)
      throws SQLException {
    boolean committed = false;
    try {
      T result = body.apply(handle);
      connection.commit(); // the commit point
      committed = true;
      return result;
    } finally {
      if (!committed) {
        quietly("roll back", connection::rollback);
      }
    }
  }

  /** We begin the transaction, with the lock it will need: drivers know no such beginning. */
  private static <T> T explicitly(
      String begin, Connection connection, Function<Handle, T> body, Handle handle)
      throws SQLException {
    execute(connection, begin);
    boolean committed = false;
    try {
      T result = body.apply(handle);
      execute(connection, "COMMIT"); // the commit point
      committed = true;
      return result;
    } finally {
      if (!committed) {
        quietly("roll back", () -> execute(connection, "ROLLBACK"));
      }
    }
  }

  private static void execute(Connection connection, String statement) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(statement);
    }
  }

  private interface Cleanup {
    void run() throws SQLException;
  }

  private static void quietly(String what, Cleanup cleanup) {
    try {
      cleanup.run();
    } catch (SQLException | RuntimeException e) {
      LOG.debug("could not {}", what, e);
    }
  }
}

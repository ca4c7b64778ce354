package dev.hfsm.jdbc;

import dev.hfsm.error.LedgerException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out which database a host gave us, and whether it keeps what it acknowledges. */
final class Databases {

  private static final Logger LOG = LoggerFactory.getLogger(Databases.class);

  private static final int OLDEST_POSTGRES = 15;
  private static final int SYNCHRONOUS_FULL = 2;

  private Databases() {}

  /**
   * The dialect of a database that is fit to hold a ledger.
   *
   * @throws LedgerException if it is not, saying what is missing
   */
  static Sql examine(DataSource database) {
    try (Connection connection = database.getConnection()) {
      DatabaseMetaData found = connection.getMetaData();
      Sql sql =
          switch (found.getDatabaseProductName()) {
            case "PostgreSQL" -> postgres(connection, found);
            case "SQLite" -> sqlite(connection);
            default ->
                throw unfit(
                    "PostgreSQL " + OLDEST_POSTGRES + " or newer, or SQLite",
                    found.getDatabaseProductName() + " " + found.getDatabaseProductVersion());
          };
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      return sql;
    } catch (SQLException e) {
      throw SqlErrors.atFirst("examine the database", e);
    }
  }

  private static Sql postgres(Connection connection, DatabaseMetaData found) throws SQLException {
    if (found.getDatabaseMajorVersion() < OLDEST_POSTGRES) {
      throw unfit(
          "PostgreSQL " + OLDEST_POSTGRES + " or newer",
          "PostgreSQL " + found.getDatabaseProductVersion());
    }
    // retain and collect rely on a later statement seeing what was committed in between.
    String isolation = ask(connection, "SHOW transaction_isolation");
    if (!isolation.equals("read committed")) {
      throw unfit("connections with isolation READ COMMITTED", isolation);
    }
    for (String setting : new String[] {"fsync", "synchronous_commit"}) {
      if (ask(connection, "SHOW " + setting).equals("off")) {
        LOG.warn("PostgreSQL runs with {} off: a crash can lose acknowledged assets", setting);
      }
    }
    return new PostgresSql();
  }

  private static Sql sqlite(Connection connection) throws SQLException {
    String journal = ask(connection, "PRAGMA journal_mode");
    if (!journal.equalsIgnoreCase("wal")) {
      throw unfit("SQLite with PRAGMA journal_mode=WAL", "journal_mode=" + journal);
    }
    String synchronous = ask(connection, "PRAGMA synchronous");
    if (Integer.parseInt(synchronous) < SYNCHRONOUS_FULL) {
      throw unfit("SQLite with PRAGMA synchronous=FULL", "synchronous=" + synchronous);
    }
    String timeout = ask(connection, "PRAGMA busy_timeout");
    if (Integer.parseInt(timeout) <= 0) {
      throw unfit("SQLite with PRAGMA busy_timeout above 0", "busy_timeout=" + timeout);
    }
    return new SqliteSql();
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(query)) {
      answer.next();
      return answer.getString(1);
    }
  }

  private static LedgerException unfit(String expected, String found) {
    return new LedgerException(
        "ledger database: expected " + expected + ", found " + found, null, false);
  }
}

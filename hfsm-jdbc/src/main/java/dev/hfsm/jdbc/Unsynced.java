package dev.hfsm.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to SQLite while its commits do not wait for the disk. In WAL mode they are durable
 * with the next commit that does, on whichever connection, since all write to one log; until then
 * the end of the machine undoes them, and nothing less.
 */
final class Unsynced implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Unsynced.class);

  private final Connection connection;
  private final String restoring;
  private final Consumer<String> failed;

  private Unsynced(Connection connection, String restoring, Consumer<String> failed) {
    this.connection = connection;
    this.restoring = restoring;
    this.failed = failed;
  }

  /**
   * From now on its commits do not wait.
   *
   * @param connection with autocommit on, and in no transaction
   * @param failed told of the statement that makes them wait again, if it fails in the end
   */
  static Unsynced of(Connection connection, Consumer<String> failed) throws SQLException {
    String restoring = "PRAGMA synchronous=" + level(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous=NORMAL");
    } catch (SQLException e) {
      failed.accept(restoring); // it may have been heard all the same
      throw e;
    }
    return new Unsynced(connection, restoring, failed);
  }

  private static int level(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("PRAGMA synchronous")) {
      answer.next();
      return answer.getInt(1);
    }
  }

  /** From now on they wait again. Never throws: what was committed is committed. */
  @Override
  public void close() {
    try (Statement statement = connection.createStatement()) {
      statement.execute(restoring);
    } catch (SQLException e) {
      LOG.warn("the commits of a connection do not wait for the disk, it is told again", e);
      failed.accept(restoring);
    }
  }
}

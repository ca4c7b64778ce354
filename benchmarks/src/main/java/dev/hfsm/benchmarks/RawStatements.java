package dev.hfsm.benchmarks;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What the server does for the plainest statements: the ceilings. */
final class RawStatements {

  private static final String LEASE =
      """
      UPDATE raw_job SET leased_until = now() + interval '1 minute'
      WHERE id IN (SELECT id FROM raw_job WHERE leased_until IS NULL
        ORDER BY due LIMIT ? FOR UPDATE SKIP LOCKED)
      RETURNING id
      """;

  private final DataSource database;

  RawStatements(DataSource database) throws SQLException {
    this.database = database;
    execute(
        "CREATE TABLE raw_row (id bigserial PRIMARY KEY, payload text NOT NULL)",
        "CREATE TABLE raw_job (id bigserial PRIMARY KEY, due timestamptz NOT NULL DEFAULT now(),"
            + " payload text NOT NULL, leased_until timestamptz)",
        "CREATE INDEX raw_job_due ON raw_job (due) WHERE leased_until IS NULL");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
    }
  }

  void fill(int jobs) throws SQLException {
    execute(
        "TRUNCATE raw_job",
        "INSERT INTO raw_job (payload) SELECT 'job ' || i FROM generate_series(1, "
            + jobs
            + ") AS i",
        "VACUUM ANALYZE raw_job",
        "CHECKPOINT");
  }

  Crowd.Step inserting() {
    return thread -> {
      try (Connection connection = database.getConnection();
          PreparedStatement insert =
              connection.prepareStatement("INSERT INTO raw_row (payload) VALUES (?)")) {
        insert.setString(1, "a payload of some forty bytes or so ......");
        return insert.executeUpdate();
      }
    };
  }

  Crowd.Step leasingAndDeleting(int batch) {
    return thread -> {
      try (Connection connection = database.getConnection()) {
        List<Long> leased = lease(connection, batch);
        Array ids = connection.createArrayOf("bigint", leased.toArray());
        try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM raw_job WHERE id = ANY(?)")) {
          delete.setArray(1, ids);
          return delete.executeUpdate();
        }
      }
    };
  }

  private static List<Long> lease(Connection connection, int batch) throws SQLException {
    List<Long> leased = new ArrayList<>();
    try (PreparedStatement lease = connection.prepareStatement(LEASE)) {
      lease.setInt(1, batch);
      try (ResultSet rows = lease.executeQuery()) {
        while (rows.next()) {
          leased.add(rows.getLong(1));
        }
      }
    }
    return leased;
  }
}

package dev.hfsm.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** PostgreSQL that flushes every commit, and is asked whether it does. */
final class DurableServer implements AutoCloseable {

  private final EmbeddedPostgres server;

  private DurableServer(EmbeddedPostgres server) {
    this.server = server;
  }

  static DurableServer start() throws IOException, SQLException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("max_wal_size", "2GB")
            .start();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
        try (ResultSet answer = statement.executeQuery("SHOW " + setting)) {
          if (!answer.next() || !answer.getString(1).equals("on")) {
            throw new IllegalStateException(setting + ": expected on");
          }
        }
      }
    }
    return new DurableServer(server);
  }

  HikariDataSource pool(int connections) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.getPostgresDatabase());
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

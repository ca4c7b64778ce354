package dev.hfsm.reliability.process;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** The PostgreSQL that all tests of this JVM share, durable as in production. */
final class Postgres {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private Postgres() {}

  /**
   * Creates an empty database: a database and not a schema, because notifications go to everyone in
   * a database.
   *
   * @return its name
   */
  static String database() {
    String name = "proof_" + DATABASES.incrementAndGet();
    try (Connection connection = Server.SHARED.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return name;
  }

  static int port() {
    return Server.SHARED.getPort();
  }

  /**
   * The address of a database, with the settings that docs/operations.md asks of a host: every wait
   * for the network ends, and the server lets go of what a dead node has locked.
   *
   * @param port the server's, or that of a line to it
   */
  static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:"
        + port
        + "/"
        + database
        + "?user=postgres&sslmode=disable&gssEncMode=disable&connectTimeout=2&socketTimeout=5"
        + "&tcpKeepAlive=true&options=-c%20idle_in_transaction_session_timeout%3D4s"
        + "%20-c%20lock_timeout%3D3s";
  }

  private static final class Server {

    static final EmbeddedPostgres SHARED = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "200")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

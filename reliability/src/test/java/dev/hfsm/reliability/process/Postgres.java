package dev.hfsm.reliability.process;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The PostgreSQL that all tests of this JVM share, durable as in production. */
final class Postgres {

  private static final Duration STARTING = Duration.ofMinutes(1);
  private static final int TRIES = 3;
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
   * The address of a database for those who have all the time in the world: nothing is given up
   * because a busy machine was busy. Every wait ends all the same.
   *
   * @param port the server's, or that of a line to it
   */
  static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:"
        + port
        + "/"
        + database
        + "?user=postgres&sslmode=disable&gssEncMode=disable&connectTimeout=60&socketTimeout=120"
        + "&tcpKeepAlive=true&options=-c%20idle_in_transaction_session_timeout%3D60s"
        + "%20-c%20lock_timeout%3D60s";
  }

  /** A server that has yet to be started; it may take its time. */
  static EmbeddedPostgres.Builder durable() {
    return EmbeddedPostgres.builder()
        .setPGStartupWait(STARTING)
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on");
  }

  /**
   * A started server. Somebody else may take the port that was free a moment ago: then another one.
   *
   * @param server makes one that has no port yet
   */
  static EmbeddedPostgres started(Supplier<EmbeddedPostgres.Builder> server) {
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        return server.get().start();
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new UncheckedIOException("no PostgreSQL started, " + TRIES + " times", last);
  }

  private static final class Server {
    static final EmbeddedPostgres SHARED =
        started(() -> durable().setServerConfig("max_connections", "200"));
  }
}

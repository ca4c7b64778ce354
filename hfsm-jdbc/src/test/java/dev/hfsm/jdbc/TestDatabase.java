package dev.hfsm.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real, empty database with a connection pool, gone when closed. */
final class TestDatabase implements AutoCloseable {

  /** Which database, for parameterized tests. */
  enum Kind {
    SQLITE,
    POSTGRESQL;

    TestDatabase open() {
      return this == SQLITE ? sqlite() : postgres();
    }
  }

  private static final Map<String, List<String>> TIMES =
      Map.of(
          "hfsm_asset", List.of("admitted_at", "changed_at"),
          "hfsm_reference", List.of("since"),
          "hfsm_released", List.of("at"),
          "hfsm_variant", List.of("requested_at", "retry_after", "used_at"),
          "hfsm_work", List.of("due_at", "leased_until", "dead_at"),
          "hfsm_garbage", List.of("at"),
          "hfsm_removal", List.of("at"),
          "hfsm_chore", List.of("leased_until"),
          "hfsm_cost", List.of("at"),
          "hfsm_measured", List.of("at"));

  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long ROOM = 32 << 20;

  /** All but what the ledger is called and where its log of removals ends. */
  private static final List<String> CLEARED =
      List.of(
          "hfsm_asset",
          "hfsm_reference",
          "hfsm_released",
          "hfsm_variant",
          "hfsm_work",
          "hfsm_history",
          "hfsm_garbage",
          "hfsm_chore",
          "hfsm_pause",
          "hfsm_removal",
          "hfsm_cost",
          "hfsm_stored",
          "hfsm_measured");

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  final Kind kind;
  final HikariConfig config;
  private final HikariDataSource pool;
  private final @Nullable Path folder;

  private TestDatabase(Kind kind, HikariConfig config, @Nullable Path folder) {
    this.kind = kind;
    this.config = config;
    this.pool = new HikariDataSource(config);
    this.folder = folder;
  }

  /** A file of its own, configured as the ledger wants it. */
  static TestDatabase sqlite() {
    Path folder = temporaryFolder();
    return new TestDatabase(Kind.SQLITE, pool(sqliteUrl(folder.resolve("ledger.db"))), folder);
  }

  /**
   * A file of its own with a ledger's tables in it, and a pool's peculiarities; fills in its URL.
   */
  static TestDatabase sqliteLedger(HikariConfig config) {
    Path folder = temporaryFolder();
    Path file = folder.resolve("ledger.db");
    try {
      Files.write(file, SqliteLedger.EMPTY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    config.setJdbcUrl(sqliteUrl(file));
    return new TestDatabase(Kind.SQLITE, config, folder);
  }

  static String sqliteUrl(Path file) {
    return "jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=FULL&busy_timeout=120000";
  }

  /** A schema of its own on the server that all tests of this JVM share. */
  static TestDatabase postgres() {
    return postgres(pool(""));
  }

  /** The same with a pool's peculiarities; its URL is filled in. */
  static TestDatabase postgres(HikariConfig config) {
    String schema = "test_" + SCHEMAS.incrementAndGet();
    EmbeddedPostgres server = Server.SHARED;
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + schema);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + schema);
    return new TestDatabase(Kind.POSTGRESQL, config, null);
  }

  static HikariConfig pool(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setConnectionTimeout(120_000); // for a connection, however busy the machine is
    config.setMaximumPoolSize(10);
    config.setMinimumIdle(1);
    return config;
  }

  static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("hfsm-jdbc-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> folderInMemory() {
    try {
      boolean has = Files.isWritable(MEMORY) && MEMORY.toFile().getUsableSpace() > ROOM;
      return has
          ? Optional.of(Files.createTempDirectory(MEMORY, "hfsm-jdbc-test"))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HikariDataSource pool() {
    return pool;
  }

  /** Another pool on the same database, to be closed by the caller. */
  HikariDataSource anotherPool() {
    return new HikariDataSource(config);
  }

  void execute(String... statements) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** The same in one transaction, which waits for the disk once. */
  private void executeTogether(List<String> statements) {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false); // until the pool has it back
      try (Statement statement = connection.createStatement()) {
        for (String text : statements) {
          statement.execute(text);
        }
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** The first column of every row. */
  List<String> query(String query) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Makes everything stored look older. */
  void age(Duration time) {
    long millis = time.toMillis();
    List<String> statements = new ArrayList<>();
    TIMES.forEach(
        (table, columns) ->
            statements.add(
                columns.stream()
                    .map(column -> column + " = " + column + " - " + millis)
                    .collect(Collectors.joining(", ", "UPDATE " + table + " SET ", ""))));
    executeTogether(statements);
  }

  /**
   * Empties the tables of a PostgreSQL ledger: faster than a schema for each case, or than {@code
   * TRUNCATE}, which makes new files. Nobody is told, and the history is deleted too.
   */
  void clear() {
    List<String> statements = new ArrayList<>();
    statements.add("SET LOCAL session_replication_role = replica");
    CLEARED.forEach(table -> statements.add("DELETE FROM " + table));
    statements.add("UPDATE hfsm_removal_end SET last = 0");
    executeTogether(statements);
  }

  @Override
  public void close() {
    pool.close();
    if (folder != null) {
      delete(folder);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server with more settings than usual, to be closed by the caller. */
  static EmbeddedPostgres server(Consumer<EmbeddedPostgres.Builder> more) {
    IOException last = null;
    for (int i = 0; i < Server.TRIES; i++) {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setPGStartupWait(Server.STARTING)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("max_connections", "100");
      more.accept(builder);
      try {
        return builder.start();
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new UncheckedIOException("no PostgreSQL started, " + Server.TRIES + " times", last);
  }

  /** Migrated once: to do so waits for the disk many times. */
  private static final class SqliteLedger {

    static final byte[] EMPTY = empty();

    private static byte[] empty() {
      try (TestDatabase database = sqlite()) {
        JdbcLedger.create(database.pool).close();
        database.pool.close(); // which leaves everything in the one file
        return Files.readAllBytes(Objects.requireNonNull(database.folder).resolve("ledger.db"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Started by the first test that needs it; durable as in production, unlike its default. */
  private static final class Server {

    private static final Duration STARTING = Duration.ofMinutes(1);

    /** Somebody else may take the port that was free a moment ago. */
    private static final int TRIES = 3;

    static final EmbeddedPostgres SHARED = server(builder -> {});
  }
}

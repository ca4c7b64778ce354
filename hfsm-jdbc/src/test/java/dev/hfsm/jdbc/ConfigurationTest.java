package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.error.LedgerException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

class ConfigurationTest {

  private static final String PASSWORD = "correct-horse-battery";

  @ParameterizedTest
  @CsvSource({
    "?synchronous=FULL&busy_timeout=1000, journal_mode=WAL, journal_mode=delete",
    "?journal_mode=WAL&synchronous=NORMAL&busy_timeout=1000, synchronous=FULL, synchronous=1",
    "?journal_mode=WAL&synchronous=FULL, busy_timeout above 0, busy_timeout=0"
  })
  void namesTheSqlitePragmaThatIsWrong(
      String settings, String expected, String found, @TempDir Path folder) {
    HikariConfig config =
        TestDatabase.pool("jdbc:sqlite:" + folder.resolve("ledger.db") + settings);
    if (found.equals("busy_timeout=0")) {
      config.setConnectionInitSql("PRAGMA busy_timeout=0"); // the driver would put its default
    }
    try (HikariDataSource database = new HikariDataSource(config)) {
      assertThatThrownBy(() -> JdbcLedger.create(database))
          .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContaining("expected SQLite with PRAGMA " + expected)
          .hasMessageContaining("found " + found);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Oracle, 23, 'PostgreSQL 15 or newer, or SQLite', Oracle 23",
    "PostgreSQL, 14, PostgreSQL 15 or newer, PostgreSQL 14"
  })
  void refusesADatabaseItDoesNotKnow(String product, int version, String expected, String found) {
    assertThatThrownBy(() -> JdbcLedger.create(claimingToBe(product, version)))
        .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessage("ledger database: expected " + expected + ", found " + found);
  }

  @Test
  void refusesAnotherIsolationThanReadCommitted() {
    try (TestDatabase database = TestDatabase.postgres()) {
      HikariConfig config = TestDatabase.pool(database.config.getJdbcUrl());
      config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
      try (HikariDataSource pool = new HikariDataSource(config)) {
        assertThatThrownBy(() -> JdbcLedger.create(pool))
            .isInstanceOf(LedgerException.class)
            .hasMessageContaining("READ COMMITTED")
            .hasMessageContaining("found serializable");
      }
    }
  }

  @Test
  void saysThatADatabaseIsDownWithoutTellingThePassword() throws IOException {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUser("hfsm");
    database.setPassword(PASSWORD);
    // Bound, so that nobody else takes the port, and not listening.
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress("localhost", 0));
      database.setPortNumbers(new int[] {nobody.getLocalPort()});

      assertThatThrownBy(() -> JdbcLedger.create(database))
          .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("could not examine the database")
          .hasMessageContaining("refused")
          .message()
          .doesNotContain(PASSWORD);
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysWhatItTriedWhenTheDatabaseIsGone(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open();
        HikariDataSource pool = database.anotherPool();
        JdbcLedger ledger = JdbcLedger.create(pool)) {
      pool.close();

      assertThatThrownBy(() -> ledger.intake().find(Samples.asset("a")))
          .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("could not look an asset up, no connection");
    }
  }

  @Test
  void survivesConnectionsThatTheServerCuts() {
    try (TestDatabase database = TestDatabase.postgres();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      Samples.admit(ledger, "a", "name");
      try (TestDatabase other = TestDatabase.postgres()) {
        other.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                + " AND backend_type = 'client backend'");
      }
      assertThat(retried(() -> ledger.intake().find(Samples.asset("a")).asset())).isNotNull();
    }
  }

  @Test
  void saysThatALockWhichIsNotGivenInTimeCanBeAskedForAgain() throws SQLException {
    try (TestDatabase database = TestDatabase.postgres();
        JdbcLedger ledger = JdbcLedger.create(database.pool())) {
      Samples.admit(ledger, "a", "name");
      HikariConfig impatient = TestDatabase.pool(database.config.getJdbcUrl());
      impatient.setConnectionInitSql("SET lock_timeout = '50ms'");
      try (HikariDataSource pool = new HikariDataSource(impatient);
          JdbcLedger hasty = JdbcLedger.create(pool);
          Connection other = database.pool().getConnection();
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("SELECT * FROM hfsm_asset FOR UPDATE");
        assertThatThrownBy(() -> Samples.admit(hasty, "a", "other name"))
            .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isTrue());
        other.rollback();
      }
    }
  }

  /** As a caller would: a pool may hand out as many dead connections as it had. */
  private static <T> T retried(Supplier<T> call) {
    LedgerException last = null;
    for (int i = 0; i < 10; i++) {
      try {
        return call.get();
      } catch (LedgerException e) {
        assertThat(e.retryable()).isTrue();
        last = e;
      }
    }
    throw new AssertionError("still failing", last);
  }

  @ParameterizedTest
  @EnumSource
  void leavesTheHostsDataSourceOpen(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      JdbcLedger ledger = JdbcLedger.create(database.pool());
      ledger.close();
      ledger.close();
      assertThat(database.query("SELECT 1")).containsExactly("1");
    }
  }

  /** A driver of another database, as far as anybody asks it. */
  private static DataSource claimingToBe(String product, int version) {
    Map<String, Object> answers =
        Map.of(
            "getDatabaseProductName",
            product,
            "getDatabaseProductVersion",
            Integer.toString(version),
            "getDatabaseMajorVersion",
            version,
            "getAutoCommit",
            true);
    DatabaseMetaData metaData = answering(DatabaseMetaData.class, answers);
    Connection connection = answering(Connection.class, Map.of("getMetaData", metaData));
    return answering(DataSource.class, Map.of("getConnection", connection));
  }

  private static <T> T answering(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.get(method.getName())));
  }
}

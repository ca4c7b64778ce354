package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.tck.AssetLedgerContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Over a pool that does not commit by itself. */
@Execution(ExecutionMode.CONCURRENT)
class SqliteOddPoolLedgerTest extends AssetLedgerContract {

  private final TestDatabase database = TestDatabase.sqliteLedger(autocommitOff());

  private static HikariConfig autocommitOff() {
    HikariConfig config = TestDatabase.pool("");
    config.setAutoCommit(false);
    return config;
  }

  @Override
  protected AssetLedger newLedger() {
    return JdbcLedger.create(database.pool());
  }

  @Override
  protected void elapse(Duration time) {
    database.age(time);
  }

  @Test
  void anEmptyFileBecomesALedger(@TempDir Path folder) {
    HikariConfig config = autocommitOff();
    config.setJdbcUrl(TestDatabase.sqliteUrl(folder.resolve("ledger.db")));
    try (HikariDataSource pool = new HikariDataSource(config)) {
      JdbcLedger.create(pool).close();
    }
    try (HikariDataSource pool = new HikariDataSource(config);
        JdbcLedger ledger = JdbcLedger.create(pool)) {
      Samples.admit(ledger, "a", "x");
      assertThat(ledger.reader().asset(Samples.asset("a"))).isPresent();
    }
  }

  @AfterEach
  void closeDatabase() {
    database.close();
  }
}

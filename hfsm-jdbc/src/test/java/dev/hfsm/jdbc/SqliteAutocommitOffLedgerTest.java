package dev.hfsm.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.tck.AssetLedgerContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class SqliteAutocommitOffLedgerTest extends AssetLedgerContract {

  private final TestDatabase database = TestDatabase.sqlite();
  private final HikariDataSource pool = new HikariDataSource(autocommitOff());

  private HikariConfig autocommitOff() {
    HikariConfig config = TestDatabase.pool(database.config.getJdbcUrl());
    config.setAutoCommit(false);
    return config;
  }

  @Override
  protected AssetLedger newLedger() {
    return JdbcLedger.create(pool);
  }

  @Override
  protected void elapse(Duration time) {
    database.age(time);
  }

  @AfterEach
  void closeDatabase() {
    pool.close();
    database.close();
  }
}

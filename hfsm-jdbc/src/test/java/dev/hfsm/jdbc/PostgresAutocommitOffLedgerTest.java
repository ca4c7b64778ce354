package dev.hfsm.jdbc;

import com.zaxxer.hikari.HikariConfig;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.tck.AssetLedgerContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresAutocommitOffLedgerTest extends AssetLedgerContract {

  private static TestDatabase database;

  @BeforeAll
  static void openDatabase() {
    HikariConfig config = TestDatabase.pool("");
    config.setAutoCommit(false);
    database = TestDatabase.postgres(config);
    JdbcLedger.create(database.pool()).close();
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  @Override
  protected AssetLedger newLedger() {
    database.truncate();
    return JdbcLedger.create(database.pool());
  }

  @Override
  protected void elapse(Duration time) {
    database.age(time);
  }
}

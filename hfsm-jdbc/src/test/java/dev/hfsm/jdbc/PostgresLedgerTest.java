package dev.hfsm.jdbc;

import com.zaxxer.hikari.HikariConfig;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.tck.AssetLedgerContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresLedgerTest extends AssetLedgerContract {

  private static TestDatabase database;

  @BeforeAll
  static void openDatabase() {
    HikariConfig config = TestDatabase.pool("");
    database = TestDatabase.postgres(config);
    JdbcLedger.create(database.pool()).close();
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  @Override
  protected AssetLedger newLedger() {
    database.clear();
    return JdbcLedger.create(database.pool());
  }

  @Override
  protected void elapse(Duration time) {
    database.age(time);
  }
}

package dev.hfsm.jdbc;

import com.zaxxer.hikari.HikariConfig;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.tck.AssetLedgerContract;
import java.time.Duration;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresFarFromUtcLedgerTest extends AssetLedgerContract {

  private static TestDatabase database;
  private static final TimeZone HOME = TimeZone.getDefault();

  @BeforeAll
  static void openDatabase() {
    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
    HikariConfig config = TestDatabase.pool("");
    config.setConnectionInitSql("SET TIME ZONE 'Asia/Kathmandu'");
    database = TestDatabase.postgres(config);
    JdbcLedger.create(database.pool()).close();
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
    TimeZone.setDefault(HOME);
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

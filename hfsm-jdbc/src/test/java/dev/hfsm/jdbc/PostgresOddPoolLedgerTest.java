package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.tck.AssetLedgerContract;
import java.time.Duration;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Over a pool that does not commit by itself, in a JVM and sessions whose clocks read neither the
 * same nor UTC. Neither can hide what the other breaks: one is about when a transaction ends, the
 * other about what a time means.
 */
class PostgresOddPoolLedgerTest extends AssetLedgerContract {

  private static TestDatabase database;
  private static final TimeZone HOME = TimeZone.getDefault();

  @BeforeAll
  static void openDatabase() {
    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
    HikariConfig config = TestDatabase.pool("");
    config.setAutoCommit(false);
    config.setConnectionInitSql("SET TIME ZONE 'Asia/Kathmandu'");
    config.setIsolateInternalQueries(true); // or the next rollback takes the zone back
    database = TestDatabase.postgres(config);
    JdbcLedger.create(database.pool()).close();
    assertThat(database.query("SHOW TIME ZONE")).containsExactly("Asia/Kathmandu");
    assertThat(database.query("SHOW TIME ZONE")).containsExactly("Asia/Kathmandu");
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
    TimeZone.setDefault(HOME);
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

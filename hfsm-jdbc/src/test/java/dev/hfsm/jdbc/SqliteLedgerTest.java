package dev.hfsm.jdbc;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.tck.AssetLedgerContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class SqliteLedgerTest extends AssetLedgerContract {

  private final TestDatabase database = TestDatabase.sqlite();

  @Override
  protected AssetLedger newLedger() {
    return JdbcLedger.create(database.pool());
  }

  @Override
  protected void elapse(Duration time) {
    database.age(time);
  }

  @AfterEach
  void closeDatabase() {
    database.close();
  }
}

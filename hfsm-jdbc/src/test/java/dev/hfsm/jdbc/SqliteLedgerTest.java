package dev.hfsm.jdbc;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.tck.AssetLedgerContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class SqliteLedgerTest extends AssetLedgerContract {

  private final TestDatabase database = TestDatabase.sqliteLedger(TestDatabase.pool(""));

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

package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.error.LedgerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger whose disk is full. */
class FullDiskTest {

  private static final int MORE_THAN_FIT = 10_000;

  @Test
  void aFullDiskMayPassAndLosesNothing(@TempDir Path folder) {
    HikariConfig config = TestDatabase.pool(TestDatabase.sqliteUrl(folder.resolve("ledger.db")));
    // SQLite then answers as it does when the file cannot grow.
    config.setConnectionInitSql("PRAGMA max_page_count=60");
    try (HikariDataSource database = new HikariDataSource(config);
        JdbcLedger ledger = JdbcLedger.create(database)) {
      List<String> acknowledged = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < MORE_THAN_FIT; i++) {
                  Samples.admit(ledger, "content " + i, "name " + i);
                  acknowledged.add("content " + i);
                }
              })
          .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("full");
      assertThat(acknowledged)
          .isNotEmpty()
          .allSatisfy(c -> assertThat(ledger.reader().asset(Samples.asset(c))).as(c).isPresent());
      assertThat(ledger.reader().asset(Samples.asset("content " + acknowledged.size()))).isEmpty();
    }
  }
}

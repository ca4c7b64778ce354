package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationTest {

  @ParameterizedTest
  @EnumSource
  void migratesOnceAndRecordsIt(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      JdbcLedger.create(database.pool()).close();
      JdbcLedger.create(database.pool()).close();

      assertThat(database.query("SELECT version || ' ' || name FROM hfsm_schema"))
          .containsExactly(
              "1 V001__ledger.sql",
              "2 V002__durable_core.sql",
              "3 V003__delivery.sql",
              "4 V004__costs.sql");
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhatIsThereWhenOpenedAgain(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      try (JdbcLedger first = JdbcLedger.create(database.pool())) {
        Samples.admit(first, "kept", "name");
      }
      try (JdbcLedger second = JdbcLedger.create(database.pool())) {
        assertThat(second.reader().asset(Samples.asset("kept"))).isPresent();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesASchemaThatIsNewerThanTheCode(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      JdbcLedger.create(database.pool()).close();
      database.execute("INSERT INTO hfsm_schema VALUES (5, 'V005__from_the_future.sql', 0)");

      assertThatThrownBy(() -> JdbcLedger.create(database.pool()))
          .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContaining("expected version 4 or older, found version 5");
    }
  }

  @ParameterizedTest
  @EnumSource
  void letsManyMigrateAtOnce(TestDatabase.Kind kind) throws Exception {
    int threads = 4;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (TestDatabase database = kind.open()) {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<?>> opened = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        opened.add(
            executor.submit(
                () -> {
                  start.await(2, TimeUnit.MINUTES);
                  JdbcLedger.create(database.pool()).close();
                  return null;
                }));
      }
      for (Future<?> one : opened) {
        one.get(5, TimeUnit.MINUTES);
      }
      assertThat(database.query("SELECT version FROM hfsm_schema"))
          .containsExactly("1", "2", "3", "4");
    } finally {
      executor.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingBehindWhenAMigrationFails(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      database.execute("CREATE TABLE hfsm_chore (mine text)");

      assertThatThrownBy(() -> JdbcLedger.create(database.pool()))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("migrate the ledger's schema")
          .hasMessageContaining("hfsm_chore");
      database.execute("DROP TABLE hfsm_chore");
      JdbcLedger.create(database.pool()).close();
    }
  }
}

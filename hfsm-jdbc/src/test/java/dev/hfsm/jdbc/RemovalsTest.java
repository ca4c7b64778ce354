package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Purged;
import dev.hfsm.ledger.Removals;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The order of the log of removals, and what it costs those who write at the same time. */
@Timeout(600)
class RemovalsTest {

  private static final AssetId A = Samples.asset("a");
  private static final AssetId B = Samples.asset("b");

  private static Retention shown(AssetId asset, Visibility visibility) {
    return new Retention(asset, ReferenceName.of("host"), Retention.Cause.CLAIM, visibility);
  }

  private static Removals after(JdbcLedger ledger, long place) {
    return ledger.removals().after(place, 100);
  }

  private static Connection begun(TestDatabase database) throws SQLException {
    Connection connection = database.pool().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static void execute(Connection connection, String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  /** The second place is taken, but cannot be seen, before the first transaction has ended. */
  @Test
  void nothingIsCommittedBehindAReader() throws Exception {
    for (boolean commits : new boolean[] {true, false}) {
      try (TestDatabase database = TestDatabase.postgres();
          Connection first = begun(database)) {
        JdbcLedger ledger = JdbcLedger.create(database.pool());
        Samples.admit(ledger, "a", "one");
        Samples.admit(ledger, "b", "two");
        long place = ledger.removals().end();
        ledger.enlisted(first).retain(shown(A, Visibility.PUBLIC));
        execute(first, "SET CONSTRAINTS ALL IMMEDIATE"); // it has its place now

        CompletableFuture<Boolean> second =
            CompletableFuture.supplyAsync(() -> ledger.custody().show(B, Visibility.PUBLIC));
        while (waiting(database) == 0) {
          Thread.onSpinWait();
        }
        assertThat(after(ledger, place).assets()).isEmpty();

        if (commits) {
          first.commit();
        } else {
          first.rollback();
        }
        assertThat(second.get(2, TimeUnit.MINUTES)).isTrue();
        assertThat(after(ledger, place))
            .isEqualTo(
                new Removals(
                    commits ? List.of(A, B) : List.of(B), place + (commits ? 2 : 1), true));
      }
    }
  }

  private static int waiting(TestDatabase database) {
    return Integer.parseInt(
        database
            .query(
                "SELECT count(*) FROM pg_stat_activity"
                    + " WHERE wait_event_type = 'Lock' AND query LIKE '%hfsm_asset SET is_public%'")
            .get(0));
  }

  @Test
  void aHostsTransactionHoldsUpNobodyElsesRemovals() throws Exception {
    try (TestDatabase database = TestDatabase.postgres();
        Connection host = begun(database)) {
      JdbcLedger ledger = JdbcLedger.create(database.pool());
      Samples.admit(ledger, "a", "one");
      Samples.admit(ledger, "b", "two");
      long place = ledger.removals().end();
      ledger.enlisted(host).retain(shown(A, Visibility.PUBLIC));

      CompletableFuture<Purged> purged =
          CompletableFuture.supplyAsync(() -> ledger.custody().purge(B));

      assertThat(purged.get(2, TimeUnit.MINUTES).outcome()).isEqualTo(Purged.Outcome.PURGED);
      assertThat(after(ledger, place).assets()).containsExactly(B);
      host.commit();
      assertThat(after(ledger, place).assets()).containsExactly(B, A);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAHostTakesBackWasNeverRemoved(TestDatabase.Kind kind) throws Exception {
    try (TestDatabase database = kind.open();
        Connection host = begun(database)) {
      JdbcLedger ledger = JdbcLedger.create(database.pool());
      Samples.admit(ledger, "a", "one");
      long place = ledger.removals().end();
      ledger.enlisted(host).retain(shown(A, Visibility.PUBLIC));
      host.rollback();
      assertThat(after(ledger, place)).isEqualTo(new Removals(List.of(), place, true));
      ledger.enlisted(host).retain(shown(A, Visibility.PUBLIC));
      host.commit();
      assertThat(after(ledger, place)).isEqualTo(new Removals(List.of(A), place + 1, true));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoeverTypesAChangeByHandIsNotForgottenEither(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open()) {
      JdbcLedger ledger = JdbcLedger.create(database.pool());
      Samples.admit(ledger, "a", "one");
      long place = ledger.removals().end();
      database.execute(
          "UPDATE hfsm_asset SET is_public = true", "DELETE FROM hfsm_asset WHERE uploads = 1");
      assertThat(after(ledger, place).assets()).containsExactly(A, A);
    }
  }
}

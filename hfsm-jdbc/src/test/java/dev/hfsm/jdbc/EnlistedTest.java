package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.Admitted.Outcome;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The intake inside a transaction of the host's. */
class EnlistedTest {

  private static final AssetId ASSET = Samples.asset("a");

  private static final class Host implements AutoCloseable {

    final TestDatabase database;
    final JdbcLedger ledger;
    final Connection connection;

    Host(TestDatabase.Kind kind) throws SQLException {
      database = kind.open();
      database.execute("CREATE TABLE product (name text PRIMARY KEY)");
      ledger = JdbcLedger.create(database.pool());
      connection = database.pool().getConnection();
      connection.setAutoCommit(false);
    }

    void insert(String name) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO product VALUES ('" + name + "')");
      }
    }

    Instant now() {
      return ledger.intake().find(ASSET).now();
    }

    @Override
    public void close() throws SQLException {
      connection.rollback();
      connection.close();
      database.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatItWritesIsThereWhenTheHostCommits(TestDatabase.Kind kind) throws Exception {
    try (Host host = new Host(kind)) {
      Instant now = host.now();
      host.insert("lamp");
      IntakeLedger enlisted = host.ledger.enlisted(host.connection);
      assertThat(enlisted.admit(Samples.admission(ASSET, "lamp/hero", now)).outcome())
          .isEqualTo(Outcome.CREATED);
      assertThat(
              enlisted.retain(
                  new Retention(ASSET, ReferenceName.of("lamp/2"), Retention.Cause.CLAIM)))
          .isPresent();
      assertThat(enlisted.release(Scope.DEFAULT, ReferenceName.of("lamp/hero"))).contains(ASSET);
      assertThat(host.ledger.reader().asset(ASSET)).as("before the commit").isEmpty();

      host.connection.commit();

      assertThat(host.ledger.reader().asset(ASSET)).isPresent();
      assertThat(host.ledger.reader().references(ASSET)).hasSize(1);
      assertThat(host.ledger.operator().work(ASSET)).hasSize(1);
      assertThat(host.database.query("SELECT name FROM product")).containsExactly("lamp");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSaidOfVisibilityIsTheHostsToCommit(TestDatabase.Kind kind) throws Exception {
    try (Host host = new Host(kind)) {
      Instant now = host.now();
      host.ledger.intake().admit(Samples.admission(ASSET, "lamp/hero", now));
      Retention shown =
          new Retention(
              ASSET, ReferenceName.of("lamp/2"), Retention.Cause.UPLOAD, Visibility.PUBLIC);
      host.ledger.enlisted(host.connection).retain(shown);
      assertThat(visibility(host)).as("before the commit").isEqualTo(Visibility.PRIVATE);
      host.connection.rollback();
      assertThat(visibility(host)).as("rolled back").isEqualTo(Visibility.PRIVATE);
      host.ledger.enlisted(host.connection).retain(shown);
      host.connection.commit();
      assertThat(visibility(host)).isEqualTo(Visibility.PUBLIC);
    }
  }

  private static Visibility visibility(Host host) {
    return host.ledger.reader().asset(ASSET).orElseThrow().visibility();
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsThereWhenTheHostRollsBack(TestDatabase.Kind kind) throws Exception {
    try (Host host = new Host(kind)) {
      Instant now = host.now();
      host.insert("lamp");
      host.ledger.enlisted(host.connection).admit(Samples.admission(ASSET, "lamp/hero", now));

      host.connection.rollback();

      assertThat(host.ledger.reader().asset(ASSET)).isEmpty();
      assertThat(host.ledger.reader().history(ASSET)).isEmpty();
      assertThat(host.database.query("SELECT name FROM product")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSavepointIsTheHosts(TestDatabase.Kind kind) throws Exception {
    try (Host host = new Host(kind)) {
      Instant now = host.now();
      host.insert("lamp");
      Savepoint savepoint = host.connection.setSavepoint("mine");
      host.ledger.enlisted(host.connection).admit(Samples.admission(ASSET, "lamp/hero", now));
      host.connection.rollback(savepoint);
      host.connection.commit();

      assertThat(host.ledger.reader().asset(ASSET)).isEmpty();
      assertThat(host.database.query("SELECT name FROM product")).containsExactly("lamp");
    }
  }

  @Test
  void twoAdmissionsOfTheSameBytesWaitForEachOther() throws Exception {
    try (Host host = new Host(TestDatabase.Kind.POSTGRESQL);
        Connection second = host.database.pool().getConnection()) {
      second.setAutoCommit(false);
      Instant now = host.now();
      IntakeLedger one = host.ledger.enlisted(host.connection);
      IntakeLedger two = host.ledger.enlisted(second);
      assertThat(one.admit(Samples.admission(ASSET, "one", now)).outcome())
          .isEqualTo(Outcome.CREATED);
      CompletableFuture<Outcome> waiting =
          CompletableFuture.supplyAsync(
              () -> two.admit(Samples.admission(ASSET, "two", now)).outcome());
      host.connection.commit();
      assertThat(waiting.get(2, TimeUnit.MINUTES)).isEqualTo(Outcome.DUPLICATE);
      second.commit();

      assertThat(host.ledger.reader().references(ASSET)).hasSize(2);
      assertThat(host.ledger.reader().asset(ASSET).orElseThrow().uploads()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesAConnectionThatCommitsEveryStatement(TestDatabase.Kind kind) throws Exception {
    try (Host host = new Host(kind)) {
      IntakeLedger enlisted = host.ledger.enlisted(host.connection);
      host.connection.setAutoCommit(true);
      assertThatThrownBy(() -> host.ledger.enlisted(host.connection))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected autocommit off");
      assertThatThrownBy(() -> enlisted.find(ASSET))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("expected autocommit off");
      host.connection.setAutoCommit(false);
    }
  }

  @Test
  void anErrorIsTranslatedAndTheHostRollsBack() throws Exception {
    try (Host host = new Host(TestDatabase.Kind.POSTGRESQL)) {
      IntakeLedger enlisted = host.ledger.enlisted(host.connection);
      assertThatThrownBy(() -> host.insert("a')('")).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> enlisted.find(ASSET))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("in the host's transaction");
      host.connection.rollback();
      assertThat(enlisted.find(ASSET).asset()).isNull();
    }
  }
}

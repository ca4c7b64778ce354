package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.Requested;
import dev.hfsm.model.AssetId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which commits of SQLite wait for the disk: seen on the connection at the moment of each. */
class UnsyncedTest {

  private static final int NORMAL = 1;
  private static final int FULL = 2;
  private static final int EXTRA = 3;

  private final Path folder = TestDatabase.temporaryFolder();
  private final Queue<Integer> commits = new ConcurrentLinkedQueue<>();
  private volatile String failing = "";
  private HikariDataSource pool;
  private JdbcLedger ledger;

  /** One connection, so that all use the one whose setting was changed. */
  private void open(String synchronous, boolean autocommit) {
    HikariConfig config =
        TestDatabase.pool(
            "jdbc:sqlite:%s?journal_mode=WAL&synchronous=%s&busy_timeout=120000"
                .formatted(folder.resolve("ledger.db"), synchronous));
    config.setMaximumPoolSize(1);
    config.setAutoCommit(autocommit);
    pool = new HikariDataSource(config);
    ledger = JdbcLedger.create(wrap(DataSource.class, pool));
  }

  @AfterEach
  void close() {
    ledger.close();
    pool.close();
    TestDatabase.delete(folder);
  }

  private <T> T wrap(Class<T> type, Object wrapped) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (wrapped instanceof Statement statement && method.getName().equals("execute")) {
                look(statement.getConnection(), arguments[0].toString());
              }
              try {
                Object result = method.invoke(wrapped, arguments);
                if (result instanceof Connection) {
                  return wrap(Connection.class, result);
                }
                return method.getName().equals("createStatement")
                    ? wrap(Statement.class, result)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private void look(Connection connection, String text) throws SQLException {
    if (text.equals(failing)) {
      throw new SQLException("a disk that does not answer");
    }
    if (text.equals("COMMIT")) {
      try (Statement statement = connection.createStatement();
          ResultSet answer = statement.executeQuery("PRAGMA synchronous")) {
        commits.add(answer.getInt(1));
      }
    }
  }

  private List<Requested> begun(AssetId asset, String transformation) {
    commits.clear();
    return ledger
        .work()
        .requestAndClaim(List.of(Samples.request(asset, transformation)), "w", Samples.LEASE);
  }

  private long fence() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("SELECT value FROM hfsm_fence")) {
      long value = answer.getLong(1);
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
      return value;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFirstRequestDoesNotWaitAndWhatComesNextDoes(boolean autocommit) throws SQLException {
    open("FULL", autocommit);
    AssetId asset = Samples.admit(ledger, "a", "a").id();
    assertThat(commits).isNotEmpty().containsOnly(FULL);

    assertThat(begun(asset, "t").get(0).claim()).isNotNull();
    assertThat(commits).containsExactly(NORMAL);

    long before = fence();
    ledger.work().flush();
    assertThat(commits).as("the flush, on the same connection").containsExactly(NORMAL, FULL);
    assertThat(fence()).as("a commit that writes nothing flushes nothing").isGreaterThan(before);
  }

  @Test
  void aRequestThatFailsLeavesAConnectionWhoseCommitsWait() {
    open("FULL", true);
    assertThatThrownBy(() -> begun(Samples.asset("unknown"), "t"))
        .isInstanceOf(AssetGoneException.class);
    Samples.admit(ledger, "a", "a");
    assertThat(commits).isNotEmpty().containsOnly(FULL);
  }

  @Test
  void aHostThatAsksForMoreHasItAgainAfterwards() {
    open("EXTRA", true);
    AssetId asset = Samples.admit(ledger, "a", "a").id();
    begun(asset, "t");
    ledger.work().flush();
    assertThat(commits).containsExactly(NORMAL, EXTRA);
  }

  @Test
  void aConnectionThatCouldNotBeMadeToWaitAgainWritesNothingThatHasToLastBeforeItDoes() {
    open("FULL", true);
    AssetId asset = Samples.admit(ledger, "a", "a").id();
    failing = "PRAGMA synchronous=2";
    assertThat(begun(asset, "t").get(0).claim()).as("it is committed").isNotNull();
    commits.clear();
    assertThatThrownBy(() -> ledger.work().flush()).isInstanceOf(LedgerException.class);
    assertThat(commits).isEmpty();

    failing = "";
    ledger.work().flush();
    assertThat(commits).containsExactly(FULL);
  }
}

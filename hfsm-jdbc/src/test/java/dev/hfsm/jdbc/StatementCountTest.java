package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.WorkKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Costs are statements: each is a round trip to the database. BEGIN and COMMIT are not counted. */
class StatementCountTest {

  private final AtomicInteger statements = new AtomicInteger();

  @ParameterizedTest
  @EnumSource
  void anIngestTakesFewStatements(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open();
        JdbcLedger ledger = JdbcLedger.create(counting(database.pool()))) {
      AssetId asset = Samples.asset("a");
      Admission first = Samples.admission(asset, "first", ledger.intake().find(asset).now());

      assertThat(count(() -> ledger.intake().find(asset))).as("find").isEqualTo(1);
      assertThat(count(() -> ledger.intake().admit(first))).as("admit").isEqualTo(3);
      assertThat(count(() -> ledger.intake().admit(first))).as("admit again").isEqualTo(2);
      Retention again = new Retention(asset, ReferenceName.of("second"), Retention.Cause.UPLOAD);
      assertThat(count(() -> ledger.intake().retain(again))).as("retain").isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimTakesTheSameNumberOfStatementsHoweverMuchItGrants(TestDatabase.Kind kind) {
    try (TestDatabase database = kind.open();
        JdbcLedger ledger = JdbcLedger.create(counting(database.pool()))) {
      int work = 20;
      for (int i = 0; i < work; i++) {
        Samples.admit(ledger, "a" + i, "name" + i);
      }
      ClaimRequest all =
          ClaimRequest.due("worker", EnumSet.allOf(WorkKind.class), work, Samples.LEASE);

      int expected = kind == TestDatabase.Kind.POSTGRESQL ? 1 : 4;
      assertThat(count(() -> assertThat(ledger.work().claim(all)).hasSize(work)))
          .isEqualTo(expected);
      assertThat(count(() -> assertThat(ledger.work().claim(all)).isEmpty()))
          .as("idle")
          .isEqualTo(1);
    }
  }

  private int count(Runnable call) {
    int before = statements.get();
    call.run();
    return statements.get() - before;
  }

  private DataSource counting(DataSource database) {
    return wrap(DataSource.class, database);
  }

  /** Wraps what may lead to a statement; counts the executions of prepared ones. */
  private <T> T wrap(Class<T> type, Object wrapped) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(method, wrapped, arguments)));
  }

  private Object call(Method method, Object wrapped, Object[] arguments) throws Throwable {
    if (wrapped instanceof Statement && method.getName().startsWith("execute")) {
      if (wrapped instanceof PreparedStatement) {
        statements.incrementAndGet();
      }
    }
    try {
      Object result = method.invoke(wrapped, arguments);
      if (result instanceof PreparedStatement) {
        return wrap(PreparedStatement.class, result);
      }
      return result instanceof Connection ? wrap(Connection.class, result) : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

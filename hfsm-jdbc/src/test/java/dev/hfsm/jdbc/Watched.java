package dev.hfsm.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source that sees what goes through it. */
final class Watched {

  /** How many prepared statements were executed: BEGIN, COMMIT and DDL are none. */
  final AtomicInteger statements = new AtomicInteger();

  /** The SQLSTATEs of statements that failed, even if what failed was run again. */
  final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private final DataSource database;

  Watched(DataSource database) {
    this.database = database;
  }

  DataSource dataSource() {
    return wrap(DataSource.class, database);
  }

  private <T> T wrap(Class<T> type, Object wrapped) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(method, wrapped, arguments)));
  }

  private Object call(Method method, Object wrapped, Object[] arguments) throws Throwable {
    if (wrapped instanceof PreparedStatement && method.getName().startsWith("execute")) {
      statements.incrementAndGet();
    }
    try {
      Object result = method.invoke(wrapped, arguments);
      if (result instanceof PreparedStatement) {
        return wrap(PreparedStatement.class, result);
      }
      return result instanceof Connection ? wrap(Connection.class, result) : result;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException failure) {
        failures.add(String.valueOf(failure.getSQLState()));
      }
      throw e.getCause();
    }
  }
}

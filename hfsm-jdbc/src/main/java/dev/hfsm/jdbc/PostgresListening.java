package dev.hfsm.jdbc;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.HeardRings;
import dev.hfsm.ledger.LedgerBell.Listening;
import dev.hfsm.ledger.LedgerBell.Ring;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that listens. The driver's waiting hears neither an interrupt nor a close from
 * another thread, so it is cut into slices; a slice costs no round trip.
 */
final class PostgresListening implements Listening {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresListening.class);

  private static final int SLICE_MILLIS = 50;

  /** A line that was cut without a word is noticed by asking, not by listening. */
  private static final long ASK_NANOS = Duration.ofSeconds(3).toNanos();

  private static final int ANSWER_SECONDS = 3;

  private final Connection connection;
  private final PGConnection driver;
  private final boolean autoCommit;
  private final Calm calm;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Held while the connection is in use: close waits for the slice under way to end. */
  private final ReentrantLock inUse = new ReentrantLock();

  private long alive = System.nanoTime();

  private PostgresListening(
      Connection connection, PGConnection driver, boolean autoCommit, Calm calm) {
    this.connection = connection;
    this.driver = driver;
    this.autoCommit = autoCommit;
    this.calm = calm;
  }

  /** Takes the connection over if it succeeds; tells {@code calm} if it breaks. */
  static Listening open(Connection connection, String channel, Calm calm) throws SQLException {
    if (!connection.isWrapperFor(PGConnection.class)) {
      throw new LedgerException(
          "ledger bell: expected connections that unwrap to org.postgresql.PGConnection, found "
              + connection.getClass().getName()
              + "; listening needs it, polling does not",
          null,
          false);
    }
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(true); // inside a transaction nothing would be heard
    execute(connection, "LISTEN " + channel);
    return new PostgresListening(
        connection, connection.unwrap(PGConnection.class), autoCommit, calm);
  }

  private static void execute(Connection connection, String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  @Override
  public List<Ring> await(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    HeardRings heard = new HeardRings();
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long left = (until - System.nanoTime()) / 1_000_000;
      listen(heard, (int) Math.max(0, Math.min(left, SLICE_MILLIS)));
      if (!heard.isEmpty() || left <= 0) {
        return heard.take();
      }
    }
  }

  private void listen(HeardRings heard, int millis) {
    inUse.lock();
    try {
      if (closed.get()) {
        throw HeardRings.closed();
      }
      // Zero would wait for ever.
      PGNotification[] found =
          millis == 0 ? driver.getNotifications() : driver.getNotifications(millis);
      if (found != null && found.length > 0) {
        alive = System.nanoTime();
        for (PGNotification one : found) {
          heard.addAll(Payloads.parse(one.getParameter()));
        }
      } else if (System.nanoTime() - alive > ASK_NANOS) {
        ask();
      }
    } catch (SQLException e) {
      throw broken(e);
    } finally {
      inUse.unlock();
    }
  }

  private void ask() throws SQLException {
    if (!connection.isValid(ANSWER_SECONDS)) {
      throw broken(null);
    }
    alive = System.nanoTime();
  }

  private LedgerException broken(@Nullable SQLException cause) {
    calm.disturb();
    return new LedgerException(
        "ledger bell: the connection that listens broke off; rings may have been missed",
        cause,
        true);
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    inUse.lock();
    try (connection) {
      // A pool would hand the connection on with its ears open. If it is broken the pool learns so.
      execute(connection, "UNLISTEN *");
      driver.getNotifications();
      connection.setAutoCommit(autoCommit);
    } catch (SQLException e) {
      LOG.debug("could not stop listening in good order", e);
    } finally {
      inUse.unlock();
    }
  }
}

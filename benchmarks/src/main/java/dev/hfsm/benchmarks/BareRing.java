package dev.hfsm.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * What no pick-up from another node can beat over this driver: a NOTIFY that is heard, and one row
 * committed by whoever heard it, as a claim has to.
 */
final class BareRing {

  private BareRing() {}

  /**
   * Microseconds from the return of a NOTIFY until it was heard, and until the row is committed.
   */
  record Times(long[] heard, long[] committed) {}

  static Times measure(DataSource database, int rate, int rings) throws Exception {
    long[] rung = new long[rings];
    long[] heard = new long[rings];
    long[] committed = new long[rings];
    try (Connection ears = database.getConnection();
        Connection claims = database.getConnection();
        Connection bell = database.getConnection()) {
      execute(ears, "LISTEN bare_ring");
      execute(claims, "CREATE TABLE bare_claim (id INTEGER PRIMARY KEY)");
      AtomicReference<Throwable> trouble = new AtomicReference<>();
      Thread listener =
          new Thread(
              () -> {
                try {
                  hear(ears, claims, heard, committed);
                } catch (Exception e) {
                  trouble.set(e);
                }
              });
      listener.start();
      ring(bell, rate, rung);
      listener.join();
      execute(ears, "UNLISTEN *");
      if (trouble.get() != null) {
        throw new IllegalStateException("the listener failed", trouble.get());
      }
    }
    return new Times(since(rung, heard), since(rung, committed));
  }

  private static void execute(Connection connection, String text) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private static void ring(Connection bell, int rate, long[] rung) throws Exception {
    try (PreparedStatement ring =
        bell.prepareStatement(
            "SELECT set_config('synchronous_commit', 'off', true), pg_notify('bare_ring', ?)")) {
      long start = System.nanoTime();
      for (int i = 0; i < rung.length; i++) {
        LockSupport.parkNanos(start + i * (1_000_000_000L / rate) - System.nanoTime());
        ring.setString(1, Integer.toString(i));
        ring.execute();
        rung[i] = System.nanoTime();
      }
    }
  }

  private static void hear(Connection ears, Connection claims, long[] heard, long[] committed)
      throws Exception {
    PGConnection driver = ears.unwrap(PGConnection.class);
    try (PreparedStatement claim = claims.prepareStatement("INSERT INTO bare_claim VALUES (?)")) {
      for (int last = -1; last < heard.length - 1; ) {
        PGNotification[] found = driver.getNotifications(1000);
        for (PGNotification one : found == null ? new PGNotification[0] : found) {
          last = Integer.parseInt(one.getParameter());
          heard[last] = System.nanoTime();
          claim.setInt(1, last);
          claim.executeUpdate();
          committed[last] = System.nanoTime();
        }
      }
    }
  }

  private static long[] since(long[] rung, long[] then) {
    long[] micros = new long[rung.length];
    for (int i = 0; i < micros.length; i++) {
      micros[i] = Math.max(0, then[i] - rung[i]) / 1000;
    }
    return micros;
  }
}

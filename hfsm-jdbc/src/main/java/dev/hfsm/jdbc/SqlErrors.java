package dev.hfsm.jdbc;

import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LedgerException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;

/** Tells errors of databases apart by their codes, which are stable, not by their texts. */
final class SqlErrors {

  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_LOCKED = 6;

  /** SQLite out of memory, I/O error, disk full, file cannot be opened (no descriptors left). */
  private static final Set<Integer> SQLITE_PASSING = Set.of(7, 10, 13, 14);

  /** Serialization failure, deadlock: the transaction is undone, and may be run again. */
  private static final Set<String> UNDONE = Set.of("40001", "40P01");

  /** Classes: connection, resources, operator intervention (shutdown), system error. */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "57", "58");

  /** Classes: connection, operator intervention (shutdown, crash). */
  private static final Set<String> ENDING = Set.of("08", "57");

  /** A lock was not given within lock_timeout, which operations.md asks a host to set. */
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** Classes: bad data, violated constraint. */
  private static final Set<String> REFUSED = Set.of("22", "23");

  private SqlErrors() {}

  /**
   * Whether the database refused a statement for what it was given, or for what somebody else held
   * for too long: nothing of it took effect.
   */
  static boolean isRefused(HfsmException error) {
    SQLException found = databaseError(error);
    String state = found == null ? null : found.getSQLState();
    return state != null
        && state.length() == 5
        && (REFUSED.contains(state.substring(0, 2)) || LOCK_NOT_AVAILABLE.equals(state));
  }

  /** Whether the database says that the transaction did not happen and that trying again helps. */
  static boolean isUndone(SQLException error) {
    return error.getSQLState() != null && UNDONE.contains(error.getSQLState()) || isBusy(error);
  }

  /** Whether the connection is gone, or there is none: the server may have ended. */
  static boolean mayHaveEnded(Throwable error) {
    SQLException found = databaseError(error);
    String state = found == null ? null : found.getSQLState();
    return error instanceof ConnectionException
        || state != null && state.length() == 5 && ENDING.contains(state.substring(0, 2));
  }

  private static boolean isBusy(SQLException error) {
    // The SQLite driver gives SQLite's primary result code, and no SQLSTATE.
    return error.getSQLState() == null
        && (error.getErrorCode() == SQLITE_BUSY || error.getErrorCode() == SQLITE_LOCKED);
  }

  private static boolean isPassing(SQLException error) {
    String state = error.getSQLState();
    return error instanceof SQLTransientException
        || error instanceof SQLRecoverableException
        || state != null && state.length() == 5 && PASSING.contains(state.substring(0, 2))
        || LOCK_NOT_AVAILABLE.equals(state)
        || state == null && SQLITE_PASSING.contains(error.getErrorCode())
        || isBusy(error);
  }

  /** The database's own error inside whatever the layers above made of it, if there is one. */
  static @Nullable SQLException databaseError(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException found) {
        return found;
      }
    }
    return null;
  }

  /**
   * What callers of the ledger see. Statements, parameters and connection strings stay out of it.
   *
   * @param what what was tried, as in "could not …"
   */
  static LedgerException translate(String what, Throwable error) {
    SQLException found = databaseError(error);
    boolean unreachable = error instanceof ConnectionException;
    String said = found == null ? error.getClass().getSimpleName() : found.getMessage();
    String code =
        found == null || found.getSQLState() == null ? "" : " [" + found.getSQLState() + "]";
    String text =
        "ledger database: could not "
            + what
            + (unreachable ? ", no connection" : "")
            + ": "
            + said
            + code;
    String advice = TlsErrors.advice(error);
    return new LedgerException(
        advice == null ? text : text + "; " + advice,
        found,
        unreachable || found != null && isPassing(found));
  }

  /**
   * The same where settings are tried out: those of TLS that do not fit are final there. Later they
   * pass, as when certificates are replaced one after the other, and no work may be given up then.
   */
  static LedgerException atFirst(String what, Throwable error) {
    LedgerException told = translate(what, error);
    return TlsErrors.advice(error) == null
        ? told
        : new LedgerException(String.valueOf(told.getMessage()), told.getCause(), false);
  }
}

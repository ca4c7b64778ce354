package dev.hfsm.jdbc;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.WorkLedger;
import javax.sql.DataSource;

/**
 * A ledger in PostgreSQL 15 or newer, shared by any number of JVMs, or in one SQLite file, shared
 * by the processes of one host. Time is the database's: JVM clocks and session time zones do not
 * matter. Thread-safe; keeps no state of its own, so any number of ledgers may share a database.
 *
 * <p>The data source belongs to the host: closing the ledger does not close it. Its connections may
 * have autocommit on or off. On SQLite every connection must set {@code journal_mode=WAL}, {@code
 * synchronous=FULL} and a {@code busy_timeout}; on PostgreSQL the isolation level must be READ
 * COMMITTED, which is the default.
 */
public final class JdbcLedger implements AssetLedger {

  private final IntakeLedger intake;
  private final WorkLedger work;
  private final CollectorLedger collector;
  private final LedgerReader reader;
  private final OperatorLedger operator;

  private JdbcLedger(Transactions transactions, Sql sql) {
    intake = new JdbcIntake(transactions, sql);
    work = new JdbcWork(transactions, sql);
    collector = new JdbcCollector(transactions, sql);
    reader = new JdbcReader(transactions, sql);
    operator = new JdbcOperator(transactions, sql);
  }

  /**
   * Opens the ledger in a database, creating or migrating its tables (all named {@code hfsm_…}) on
   * the way. Several processes may do so at once.
   *
   * @throws LedgerException if the database cannot be reached, is neither PostgreSQL 15+ nor
   *     SQLite, is not configured to be durable, or holds a schema newer than this version knows
   */
  public static JdbcLedger create(DataSource database) {
    Sql sql = Databases.examine(database);
    Transactions transactions = new Transactions(database, sql);
    new Migrator(transactions, sql).migrate();
    return new JdbcLedger(transactions, sql);
  }

  @Override
  public IntakeLedger intake() {
    return intake;
  }

  @Override
  public WorkLedger work() {
    return work;
  }

  @Override
  public CollectorLedger collector() {
    return collector;
  }

  @Override
  public LedgerReader reader() {
    return reader;
  }

  @Override
  public OperatorLedger operator() {
    return operator;
  }

  /** Does nothing: every connection went back to the host's data source after each call. */
  @Override
  public void close() {}
}

package dev.hfsm.jdbc;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.ChoreLedger;
import dev.hfsm.ledger.CollectorLedger;
import dev.hfsm.ledger.CostLedger;
import dev.hfsm.ledger.CustodyLedger;
import dev.hfsm.ledger.InProcessBell;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.LedgerBell;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.RemovalLedger;
import dev.hfsm.ledger.WorkLedger;
import java.sql.Connection;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A ledger in PostgreSQL 15 or newer, shared by any number of JVMs, or in one SQLite file, shared
 * by the processes of one host. Time is the database's: JVM clocks and session time zones do not
 * matter. Thread-safe; keeps no state of its own but who listens and since when the database has
 * been there, so any number of ledgers may share a database.
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

  private final CustodyLedger custody;
  private final RemovalLedger removals;
  private final ChoreLedger chores;
  private final CostLedger costs;
  private final LedgerBell bell;
  private final Sql sql;

  private JdbcLedger(DataSource database, Transactions transactions, Sql sql, Calm calm) {
    this.sql = sql;
    intake =
        sql instanceof PostgresSql postgres
            ? JdbcIntake.together(transactions, postgres)
            : JdbcIntake.apart(transactions, sql);
    work = new JdbcWork(transactions, sql, calm);
    collector = new JdbcCollector(transactions, sql);
    reader = new JdbcReader(transactions, sql);
    operator = new JdbcOperator(transactions, sql);
    custody = new JdbcCustody(transactions, sql);
    removals = new JdbcRemovals(transactions, sql);
    chores = new JdbcChores(transactions, sql);
    costs = new JdbcCosts(transactions, sql);
    bell =
        sql instanceof PostgresSql
            ? new PostgresBell(database, transactions, sql, calm, custody.ledgerId())
            : new InProcessBell();
  }

  /**
   * Opens the ledger in a database, creating or migrating its tables (all named {@code hfsm_…}) on
   * the way. Several processes may do so at once.
   *
   * @throws LedgerException if the database cannot be reached, is neither PostgreSQL 15+ nor
   *     SQLite, is not configured to be durable, or holds a schema newer than this version knows
   */
  public static JdbcLedger create(DataSource database) {
    return create(database, new Calm(System::nanoTime));
  }

  /** The same, knowing whether the server has been there for a while. */
  static JdbcLedger create(DataSource database, Calm calm) {
    Sql sql = Databases.examine(database);
    Transactions transactions = new OwnTransactions(database, sql, calm);
    new Migrator(transactions, sql).migrate();
    return new JdbcLedger(database, transactions, sql, calm);
  }

  /**
   * Which parameter of the JDBC URL to look at when a server of PostgreSQL and its driver did not
   * agree on TLS. For hosts whose pool of connections connects when it is made: it fails before
   * {@link #create} is called, which would say the same.
   *
   * @param error what the pool, or the driver, has thrown
   * @return empty if the error is about something else
   */
  public static Optional<String> tlsAdvice(Throwable error) {
    return Optional.ofNullable(TlsErrors.advice(error));
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

  @Override
  public CustodyLedger custody() {
    return custody;
  }

  @Override
  public RemovalLedger removals() {
    return removals;
  }

  @Override
  public ChoreLedger chores() {
    return chores;
  }

  @Override
  public CostLedger costs() {
    return costs;
  }

  /**
   * On PostgreSQL LISTEN and NOTIFY, which reach every node; whoever listens keeps one connection
   * of the data source until it stops. On SQLite whoever listens to this very object is reached.
   */
  @Override
  public LedgerBell bell() {
    return bell;
  }

  /**
   * The intake role inside a transaction that is the host's: what it writes is there if and when
   * the host commits, together with what the host itself wrote. It never commits, never rolls back
   * and never tries again. Everything else of the connection stays the host's, savepoints as well.
   *
   * <p>What the host has to know:
   *
   * <ul>
   *   <li>Bytes are durable before {@code admit}, as always. Commit within half the sweep window
   *       (12 hours) of making the storage key: after the whole of it the sweep takes an object
   *       that no committed row names.
   *   <li>An asset stays locked until the host commits, and with it everybody who ingests, settles
   *       or collects the same asset. Keep such transactions short, and take assets in a fixed
   *       order: the database undoes one of two transactions that wait for each other.
   *   <li>After a {@link LedgerException} on PostgreSQL the transaction can only be rolled back, or
   *       rolled back to a savepoint of the host's. If it is retryable, the whole transaction may
   *       be run again.
   *   <li>Nobody is told of the commit: ring {@link #bell} afterwards, or the work is found by
   *       polling.
   *   <li>On SQLite a transaction that began by reading fails as busy if another has written since:
   *       write first, or set {@code transaction_mode=IMMEDIATE}.
   * </ul>
   *
   * @param connection of the same database, autocommit off, on PostgreSQL at READ COMMITTED
   * @return for use by one thread at a time, while the connection is open
   * @throws IllegalArgumentException if autocommit is on, or the isolation another
   * @throws LedgerException if the connection does not answer
   */
  public IntakeLedger enlisted(Connection connection) {
    EnlistedTransactions.check(connection, sql);
    return JdbcIntake.apart(new EnlistedTransactions(connection), sql);
  }

  /** Does nothing: every connection went back to the host's data source after each call. */
  @Override
  public void close() {}
}

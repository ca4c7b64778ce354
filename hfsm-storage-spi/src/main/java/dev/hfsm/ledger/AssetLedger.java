package dev.hfsm.ledger;

/**
 * The truth about assets: which exist, who claims them, what is known, what is owed. One interface
 * per role; implementations are thread-safe, and are proven by the contract suite in {@code
 * hfsm-tck}.
 *
 * <p>Promises of every role: a method is one transaction, durable on return; work is committed with
 * the state that owes it and removed with the state that settles it; history is appended in the
 * transaction that changes the state. Methods throw {@link dev.hfsm.error.LedgerException} when the
 * ledger cannot be reached; the outcome of a write is unknown then.
 */
public interface AssetLedger extends AutoCloseable {

  /** For those who bring assets in and claim them. */
  IntakeLedger intake();

  /** For workers. */
  WorkLedger work();

  /** For those who clear away. */
  CollectorLedger collector();

  /** For readers. */
  LedgerReader reader();

  /** For operators. */
  OperatorLedger operator();

  /** For those who answer for what is kept. */
  CustodyLedger custody();

  /** For those who keep rows in memory. */
  RemovalLedger removals();

  /** For nodes that share chores. */
  ChoreLedger chores();

  /** For those who set bounds to what variants cost. */
  CostLedger costs();

  /** How nodes wake each other. */
  LedgerBell bell();

  /** Releases what the ledger holds; never throws for being called twice. */
  @Override
  void close();
}

package dev.hfsm.memory;

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
import java.time.InstantSource;

/**
 * A ledger that keeps its rows in memory: the reference implementation of {@link AssetLedger}, and
 * the ledger of tests. Nothing survives the process. Its time is the given source's, cut to
 * milliseconds. One lock makes every method a transaction; all checks precede all writes, so a
 * method that throws has written nothing. Thread-safe.
 */
public final class InMemoryLedger implements AssetLedger {

  private final IntakeLedger intake;
  private final WorkLedger work;
  private final CollectorLedger collector;
  private final LedgerReader reader;
  private final OperatorLedger operator;
  private final CustodyLedger custody;
  private final RemovalLedger removals;
  private final ChoreLedger chores;
  private final CostLedger costs;
  private final LedgerBell bell = new InProcessBell();

  /**
   * An empty ledger.
   *
   * @param clock the ledger's time; the caller may move it to let leases and graces run out
   */
  public InMemoryLedger(InstantSource clock) {
    LedgerTables tables = new LedgerTables(clock);
    intake = new MemoryIntake(tables);
    work = new MemoryWork(tables);
    collector = new MemoryCollector(tables);
    reader = new MemoryReader(tables);
    operator = new MemoryOperator(tables);
    custody = new MemoryCustody(tables);
    removals = new MemoryRemovals(tables);
    chores = new MemoryChores(tables);
    costs = new MemoryCosts(tables);
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

  @Override
  public LedgerBell bell() {
    return bell;
  }

  /** Does nothing: the ledger holds nothing that outlives it. */
  @Override
  public void close() {}
}

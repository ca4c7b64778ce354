package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import java.util.List;
import java.util.Set;

/** The ledger as operators and the reconcile chore see it. Each method is one transaction. */
public interface OperatorLedger {

  /**
   * Work that is due, leased to nobody and of a kind that is not paused, as hints, in an order that
   * lets a scan reach the end while work comes and goes.
   */
  Page<Hint> due(Cursor after, int limit);

  /** Work that was given up, oldest first. */
  Page<WorkRow> dead(Cursor after, int limit);

  /** All work about an asset: owed, leased and dead. */
  List<WorkRow> work(AssetId asset);

  /**
   * Starts dead work again with its attempts forgotten; for an inspection also if the asset was
   * REJECTED. The asset goes back to INGESTED, a variant to REQUESTED.
   *
   * @return whether there was something to start
   */
  boolean redrive(Subject subject);

  /** From now on no work of this kind is granted, on any node. What is leased goes on. */
  void pause(WorkKind kind);

  /** Ends a pause. */
  void resume(WorkKind kind);

  /** The kinds that are paused. */
  Set<WorkKind> paused();

  /** Sums over a scope. */
  LedgerStats stats(Scope scope);
}

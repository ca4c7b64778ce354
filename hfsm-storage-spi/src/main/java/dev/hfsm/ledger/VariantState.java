package dev.hfsm.ledger;

/** Where a variant stands. "Being rendered" is a lease on its work, not a state. */
public enum VariantState {
  /** Asked for; its work is owed. */
  REQUESTED,
  /** Made and durable. */
  READY,
  /** Given up, until its retry time. */
  FAILED
}

package dev.hfsm.tck;

/** Cases about a ledger. Each starts from an empty one. */
interface LedgerCases {

  /** The ledger of the case, and what cases do with it. */
  LedgerScene scene();
}

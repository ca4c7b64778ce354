package dev.hfsm.model;

/** What can be owed. */
public enum WorkKind {
  /** Learn what an asset is. */
  INSPECT,
  /** Make a variant. */
  DERIVE
}

package dev.hfsm.ledger;

/** To whom an asset is delivered without a signature. */
public enum Visibility {
  /** To nobody; a new asset of which nothing else was said. */
  PRIVATE,
  /** To everybody, as the presets show it. */
  PUBLIC
}

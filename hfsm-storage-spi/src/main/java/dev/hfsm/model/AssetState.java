package dev.hfsm.model;

/**
 * Where an asset stands. {@link StateMachine} is the only table of how it gets from one to another.
 */
public enum AssetState {
  /** Its bytes are durable and its row is committed; what they are is still to be learned. */
  INGESTED,
  /** What it looks like is known; duplicates are looked up, metadata is read. */
  DEDUP_CHECK,
  /** Its facts are known; nothing is owed until somebody asks for a variant. */
  METADATA_READY,
  /** At least one variant was made. Gates nothing: each variant has a state of its own. */
  VARIANTS_READY,
  /**
   * Refused: by policy, by a limit, or because it cannot be decoded. The original stays readable.
   */
  REJECTED,
  /** Could not be inspected within its attempts. The original stays readable. */
  FAILED;

  /** Whether facts are known, so that variants can be asked for. */
  public boolean isDescribed() {
    return this == METADATA_READY || this == VARIANTS_READY;
  }

  /** Whether inspection is still owed. */
  public boolean isBeingInspected() {
    return this == INGESTED || this == DEDUP_CHECK;
  }
}

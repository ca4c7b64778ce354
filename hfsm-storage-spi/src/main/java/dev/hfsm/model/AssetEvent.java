package dev.hfsm.model;

/** What can happen to an asset. See {@link StateMachine}. */
public enum AssetEvent {
  /** Its row was committed. */
  ADMITTED,
  /** Its type, limits and header facts were checked, its pixels fingerprinted. */
  FINGERPRINTED,
  /** Duplicates were looked up and metadata read. */
  DESCRIBED,
  /** Its first variant was published. */
  FIRST_VARIANT_PUBLISHED,
  /** It was refused: policy, limits, undecodable. The reason is a fact. */
  REFUSED,
  /** Its inspection used up its attempts. */
  EXHAUSTED,
  /** An operator asked for another inspection. */
  REDRIVEN,
  /** The same bytes were uploaded again after inspection had failed. */
  UPLOADED_AGAIN
}

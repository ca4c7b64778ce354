package dev.hfsm.ledger;

import dev.hfsm.model.Transition;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one {@link Settlement}.
 *
 * @param outcome what happened
 * @param transition what it did to the asset, or null if it did nothing to its state
 */
public record Settled(Outcome outcome, @Nullable Transition transition) {

  /** What a settlement can come to. */
  public enum Outcome {
    /** Written. */
    DONE,
    /** The lease is no longer held; nothing was written. */
    LEASE_LOST,
    /** The key's stamp is older than half the sweep window; nothing was written. Put again. */
    STALE_KEY
  }
}

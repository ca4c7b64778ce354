package dev.hfsm.ledger;

import dev.hfsm.model.Transition;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a publication.
 *
 * @param outcome what happened
 * @param transition what it did to the asset: METADATA_READY to VARIANTS_READY if this was its
 *     first variant, else null
 */
public record Published(Outcome outcome, @Nullable Transition transition) {

  /** What a publication can come to. */
  public enum Outcome {
    /** The variant is READY and its work is done. */
    PUBLISHED,
    /** The key's stamp is older than half the sweep window; nothing was written. Put again. */
    STALE_KEY
  }
}

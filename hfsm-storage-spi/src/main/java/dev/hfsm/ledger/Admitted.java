package dev.hfsm.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The answer to an admission.
 *
 * @param outcome what happened
 * @param asset the row as committed; null exactly when the outcome is STALE_KEY. If its key is not
 *     the one offered, the offered key is now the caller's to delete.
 */
public record Admitted(Outcome outcome, @Nullable AssetRow asset) {

  /** What an admission can come to. */
  public enum Outcome {
    /** The asset is new; its inspection is owed. */
    CREATED,
    /** The asset was there; it has one more upload, and the reference. */
    DUPLICATE,
    /**
     * The asset was there and FAILED; it has one more upload, and the reference, and its inspection
     * is owed once more. The bytes under the offered key take the place of the older ones, which
     * may be what failed; the older key is garbage.
     */
    REVIVED,
    /**
     * The asset was there, not FAILED, and its original damaged; it has one more upload, and the
     * reference. The bytes under the offered key take the place of the damaged ones, whose key is
     * garbage; the state stays.
     */
    HEALED,
    /** The key's stamp is older than half the sweep window; nothing was written. Put again. */
    STALE_KEY
  }
}

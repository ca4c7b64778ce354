package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.VariantKey;

/**
 * How often a variant was used since this was last told.
 *
 * @param asset whose variant
 * @param variant which
 * @param uses 1 or more
 */
public record VariantUse(AssetId asset, VariantKey variant, long uses) {

  /** Checks the number. */
  public VariantUse {
    if (uses < 1) {
      throw new IllegalArgumentException("uses: expected 1 or more, found " + uses);
    }
  }
}

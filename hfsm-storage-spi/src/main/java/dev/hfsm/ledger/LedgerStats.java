package dev.hfsm.ledger;

import dev.hfsm.model.AssetState;
import java.util.EnumMap;
import java.util.Map;

/**
 * Sums over a scope.
 *
 * @param assets number of assets in each state; states without any are 0
 * @param variants number of READY variants
 * @param logicalBytes what storing every upload would have taken
 * @param originalBytes what the originals take
 * @param variantBytes what the READY variants take
 * @param duplicates number of uploads that stored nothing
 */
public record LedgerStats(
    Map<AssetState, Long> assets,
    long variants,
    long logicalBytes,
    long originalBytes,
    long variantBytes,
    long duplicates) {

  /** Copies the map and fills its gaps. */
  public LedgerStats {
    Map<AssetState, Long> complete = new EnumMap<>(AssetState.class);
    for (AssetState state : AssetState.values()) {
      complete.put(state, assets.getOrDefault(state, 0L));
    }
    assets = Map.copyOf(complete);
  }
}

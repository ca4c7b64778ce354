package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.ReferenceName;
import java.time.Instant;

/**
 * A claim on an asset.
 *
 * @param asset what is claimed
 * @param name the claim's name
 * @param since when the name began to point at this asset
 */
public record Reference(AssetId asset, ReferenceName name, Instant since) {}

package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;

/**
 * A request that a variant be made unless it is there.
 *
 * @param asset whose variant
 * @param key its name
 * @param transformation canonical text of the recipe
 * @param transformer who is to make it
 * @param priority of the work; higher is done first
 */
public record VariantRequest(
    AssetId asset,
    VariantKey key,
    String transformation,
    TransformerId transformer,
    int priority) {}

package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;

/**
 * An asset that a collection would remove now.
 *
 * @param asset which
 * @param variants how many READY variants would go with it
 * @param bytes what the original and its READY variants take
 */
public record Collectable(AssetId asset, int variants, long bytes) {}

package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.storage.StorageKey;

/**
 * A request to commit the row of an asset whose bytes are durable.
 *
 * @param asset what to admit
 * @param size number of bytes
 * @param key the fresh key under which the bytes lie
 * @param reference the name that claims the asset from now on
 * @param facts what the uploader said; kept only if the asset is new
 */
public record Admission(
    AssetId asset, long size, StorageKey key, ReferenceName reference, Facts facts) {}

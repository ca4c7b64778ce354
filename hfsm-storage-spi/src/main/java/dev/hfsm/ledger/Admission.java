package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.storage.StorageKey;
import org.jspecify.annotations.Nullable;

/**
 * A request to commit the row of an asset whose bytes are durable.
 *
 * @param asset what to admit
 * @param size number of bytes
 * @param key the fresh key under which the bytes lie
 * @param reference the name that claims the asset from now on
 * @param facts what the uploader said; kept only if the asset is new
 * @param visibility to whom the asset is delivered from now on, or null if that is not said: then a
 *     new asset is private, and one that is there stays what it is
 */
public record Admission(
    AssetId asset,
    long size,
    StorageKey key,
    ReferenceName reference,
    Facts facts,
    @Nullable Visibility visibility) {

  /** One that says nothing of visibility. */
  public Admission(AssetId asset, long size, StorageKey key, ReferenceName reference, Facts facts) {
    this(asset, size, key, reference, facts, null);
  }
}

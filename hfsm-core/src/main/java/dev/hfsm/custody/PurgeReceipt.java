package dev.hfsm.custody;

import dev.hfsm.ledger.Purged;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.util.List;

/**
 * What a purge removed.
 *
 * @param asset which asset
 * @param purged what went from the ledger, or why nothing did
 * @param deleted how many objects are gone from the store
 * @param pending objects that could not be deleted yet; they are garbage, and tried again each
 *     minute
 * @param cachesWithin how long after the commit other nodes may remember its rows at most, even if
 *     they can reach nobody; this node has forgotten them, and others do as soon as they hear of
 *     it. Bytes are reached through rows, so after that nobody is given them. If other nodes keep
 *     copies ({@link dev.hfsm.storage.LocalCopies}), those of deleted blobs go within an hour
 */
public record PurgeReceipt(
    AssetId asset, Purged purged, int deleted, List<StorageKey> pending, Duration cachesWithin) {

  /** Copies the list. */
  public PurgeReceipt {
    pending = List.copyOf(pending);
  }
}

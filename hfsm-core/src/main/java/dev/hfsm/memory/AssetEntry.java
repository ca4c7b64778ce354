package dev.hfsm.memory;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An asset's row with what readers do not see.
 *
 * @param row what readers see
 * @param order assets admitted later have higher ones
 * @param unreferencedSince since when nothing claims the asset, or null while something does
 */
record AssetEntry(AssetRow row, long order, @Nullable Instant unreferencedSince) {

  AssetEntry claimed() {
    return new AssetEntry(row, order, null);
  }

  AssetEntry unclaimed(Instant since) {
    return new AssetEntry(row, order, since);
  }

  AssetEntry uploadedOnceMore() {
    return with(row.key(), row.state(), row.facts(), row.uploads() + 1, row.changedAt());
  }

  AssetEntry under(StorageKey key) {
    return with(key, row.state(), row.facts(), row.uploads(), row.changedAt());
  }

  AssetEntry inState(AssetState state, Facts facts, Instant now) {
    return with(row.key(), state, facts, row.uploads(), now);
  }

  private AssetEntry with(
      StorageKey key, AssetState state, Facts facts, long uploads, Instant changedAt) {
    return new AssetEntry(
        new AssetRow(row.id(), row.size(), key, state, facts, uploads, row.admittedAt(), changedAt),
        order,
        unreferencedSince);
  }
}

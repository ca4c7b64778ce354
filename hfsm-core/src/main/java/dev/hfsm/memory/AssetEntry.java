package dev.hfsm.memory;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.HoldReason;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.util.Objects;
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

  /** With bytes that take the place of what was there, damaged or not. */
  AssetEntry under(StorageKey key) {
    return with(key, row.state(), row.facts(), row.uploads(), row.changedAt()).damaged(null);
  }

  AssetEntry inState(AssetState state, Facts facts, Instant now) {
    return with(row.key(), state, facts, row.uploads(), now);
  }

  AssetEntry held(@Nullable HoldReason reason) {
    return with(row, row.visibility(), reason, row.damage());
  }

  AssetEntry damaged(@Nullable Failure damage) {
    return with(row, row.visibility(), row.hold(), damage);
  }

  /** To whom it is shown, if anything was said about that. */
  AssetEntry shown(@Nullable Visibility visibility) {
    return visibility == null ? this : with(row, visibility, row.hold(), row.damage());
  }

  /** Of what is compared here nothing changes in the course of things. */
  boolean isTheSameToCaches(AssetEntry other) {
    return row.key().equals(other.row.key())
        && row.visibility() == other.row.visibility()
        && Objects.equals(row.hold(), other.row.hold())
        && Objects.equals(row.damage(), other.row.damage());
  }

  private AssetEntry with(
      StorageKey key, AssetState state, Facts facts, long uploads, Instant changedAt) {
    return with(
        new AssetRow(row.id(), row.size(), key, state, facts, uploads, row.admittedAt(), changedAt),
        row.visibility(),
        row.hold(),
        row.damage());
  }

  private AssetEntry with(
      AssetRow r, Visibility visibility, @Nullable HoldReason hold, @Nullable Failure damage) {
    return new AssetEntry(
        new AssetRow(
            r.id(),
            r.size(),
            r.key(),
            r.state(),
            r.facts(),
            r.uploads(),
            r.admittedAt(),
            r.changedAt(),
            visibility,
            hold,
            damage),
        order,
        unreferencedSince);
  }
}

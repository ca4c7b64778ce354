package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.HoldReason;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An asset as the ledger knows it.
 *
 * @param id its name
 * @param size number of bytes
 * @param key where its bytes lie
 * @param state where it stands
 * @param facts what is known about it
 * @param uploads how often its bytes were uploaded, 1 or more
 * @param admittedAt when its row was committed
 * @param changedAt when its state last changed
 * @param visibility to whom it is delivered without a signature
 * @param hold why a legal hold is on it, or null
 * @param damage what is wrong with the stored bytes, or null while nothing is known to be; the next
 *     upload of the bytes replaces them
 */
public record AssetRow(
    AssetId id,
    long size,
    StorageKey key,
    AssetState state,
    Facts facts,
    long uploads,
    Instant admittedAt,
    Instant changedAt,
    Visibility visibility,
    @Nullable HoldReason hold,
    @Nullable Failure damage) {

  /** A private asset that nobody holds and with which nothing is wrong. */
  public AssetRow(
      AssetId id,
      long size,
      StorageKey key,
      AssetState state,
      Facts facts,
      long uploads,
      Instant admittedAt,
      Instant changedAt) {
    this(
        id,
        size,
        key,
        state,
        facts,
        uploads,
        admittedAt,
        changedAt,
        Visibility.PRIVATE,
        null,
        null);
  }
}

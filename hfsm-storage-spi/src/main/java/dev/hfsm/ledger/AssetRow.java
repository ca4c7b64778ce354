package dev.hfsm.ledger;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;

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
 */
public record AssetRow(
    AssetId id,
    long size,
    StorageKey key,
    AssetState state,
    Facts facts,
    long uploads,
    Instant admittedAt,
    Instant changedAt) {}

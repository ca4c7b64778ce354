package dev.hfsm.ledger;

import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;

/**
 * A blob that a row names.
 *
 * @param key where it lies
 * @param blob what must lie there
 */
public record Kept(StorageKey key, BlobRef blob) {}

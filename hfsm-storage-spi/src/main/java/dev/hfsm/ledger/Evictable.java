package dev.hfsm.ledger;

import dev.hfsm.storage.StorageKey;
import java.time.Instant;

/**
 * A READY variant that nobody used for a while.
 *
 * @param key where it lies
 * @param bytes what it takes
 * @param worth what keeping it saves: uses × nanoseconds to make it ÷ bytes (1 if it has none)
 * @param usedAt when it was used last
 */
public record Evictable(StorageKey key, long bytes, double worth, Instant usedAt) {}

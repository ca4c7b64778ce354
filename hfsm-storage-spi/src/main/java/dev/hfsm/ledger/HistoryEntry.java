package dev.hfsm.ledger;

import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One transition that happened. Entries are appended, never changed.
 *
 * @param asset to what
 * @param from the state before, or null if the asset did not exist
 * @param to the state after
 * @param event the cause
 * @param detail more about the cause, for instance a failure's code, or null
 * @param worker who did it, or null if a caller's thread did
 * @param attempt which attempt of the work it was, 0 if it was no work
 * @param at when, on the ledger's clock
 */
public record HistoryEntry(
    AssetId asset,
    @Nullable AssetState from,
    AssetState to,
    AssetEvent event,
    @Nullable String detail,
    @Nullable String worker,
    int attempt,
    Instant at) {}

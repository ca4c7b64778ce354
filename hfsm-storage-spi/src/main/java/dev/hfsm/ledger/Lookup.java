package dev.hfsm.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a look-up.
 *
 * @param asset the row, or null if there is none
 * @param now the ledger's time, for the stamp of a fresh key
 */
public record Lookup(@Nullable AssetRow asset, Instant now) {}

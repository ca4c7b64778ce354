package dev.hfsm.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that was granted, with all that is needed to start on it.
 *
 * @param lease the right to finish it
 * @param attempt which attempt this is, counted from 1; it counts even if nothing comes of it
 * @param asset the asset
 * @param variant the variant to make; null for an inspection
 * @param now the ledger's time at the grant
 */
public record Claim(
    Lease lease, int attempt, AssetRow asset, @Nullable VariantRow variant, Instant now) {}

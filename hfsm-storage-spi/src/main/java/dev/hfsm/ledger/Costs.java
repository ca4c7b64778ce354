package dev.hfsm.ledger;

import dev.hfsm.model.Scope;
import java.time.Duration;

/**
 * What the variants of a scope cost, on all nodes together.
 *
 * @param scope whose assets they are of
 * @param cpu how much processor time it took in the window that was asked about
 * @param variants how many were made in that window
 * @param storedBytes what all of them take: as measured last, and what was told since. What was
 *     removed since is still counted
 */
public record Costs(Scope scope, Duration cpu, long variants, long storedBytes) {}

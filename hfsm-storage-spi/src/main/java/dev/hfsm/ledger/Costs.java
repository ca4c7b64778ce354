package dev.hfsm.ledger;

import dev.hfsm.model.Scope;
import java.time.Duration;

/**
 * What the variants of a scope cost, on all nodes together.
 *
 * @param scope whose assets they are of
 * @param time for how long threads were busy with it in the window that was asked about
 * @param variants how many were made in that window
 * @param storedBytes what all of them take: as measured last, and what was told since. What was
 *     removed since is still counted
 */
public record Costs(Scope scope, Duration time, long variants, long storedBytes) {}

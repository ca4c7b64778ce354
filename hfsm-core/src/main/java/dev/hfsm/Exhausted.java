package dev.hfsm;

import dev.hfsm.model.Scope;
import java.time.Instant;

/**
 * A bound on costs that was met.
 *
 * @param bound which one
 * @param scope whose request met it; a bound on all scopes is met by whoever comes
 * @param at when a request met it last
 * @param times how many requests have in all, since there was a window without any
 */
public record Exhausted(CostLimits.Bound bound, Scope scope, Instant at, long times) {}

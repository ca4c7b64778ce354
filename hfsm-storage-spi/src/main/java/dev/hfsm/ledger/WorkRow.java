package dev.hfsm.ledger;

import dev.hfsm.model.Failure;
import dev.hfsm.model.Subject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that is owed, or dead.
 *
 * @param subject what it is about
 * @param priority higher is done first
 * @param due not before
 * @param attempts how many were granted
 * @param worker who holds its lease, or null
 * @param leasedUntil until when, or null
 * @param failure what went wrong last, or null
 * @param dead whether it was given up
 */
public record WorkRow(
    Subject subject,
    int priority,
    Instant due,
    int attempts,
    @Nullable String worker,
    @Nullable Instant leasedUntil,
    @Nullable Failure failure,
    boolean dead) {}

package dev.hfsm.queue;

import dev.hfsm.model.Subject;
import java.time.Instant;

/**
 * "Look here": a subject for which the ledger may owe work.
 *
 * @param subject what to look at
 * @param notBefore when looking becomes worth while
 * @param priority higher is looked at first among hints that are due
 */
public record Hint(Subject subject, Instant notBefore, int priority) {}

package dev.hfsm.internal.custody;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the chores that clear away go by.
 *
 * @param collectGrace how long an asset without a claim is kept
 * @param variantBudget how many bytes variants may take, or null for as many as they like
 * @param variantIdle variants used within this time are kept, whatever the budget
 */
public record CustodySettings(
    Duration collectGrace, @Nullable Long variantBudget, Duration variantIdle) {}

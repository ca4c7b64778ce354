package dev.hfsm.internal.work;

import dev.hfsm.ledger.Settlement;
import org.jspecify.annotations.Nullable;

/**
 * What a step of work came to.
 *
 * @param settlement what to write
 * @param next the step after that, once it is written; null if that was the last
 * @param refused what to clear away if it was not written for good
 */
record Report(Settlement settlement, @Nullable Step next, @Nullable Runnable refused) {

  /** A part of a piece of work that a thread does in one go. */
  @FunctionalInterface
  interface Step {

    /** Does it; null if there is nothing to write and nothing more to do. */
    @Nullable Report take();
  }
}

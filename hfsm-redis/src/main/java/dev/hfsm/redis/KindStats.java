package dev.hfsm.redis;

import dev.hfsm.queue.Rate;
import org.jspecify.annotations.Nullable;

/**
 * What a queue holds of one kind of work, and what it has counted since its keys came to be.
 *
 * @param ready hints that are due
 * @param later hints that are not yet due
 * @param taken hints that were polled and are not acknowledged
 * @param offered hints offered by all nodes
 * @param merged of those, how many met one for the same subject
 * @param dropped hints that found no room, or made room for one that was due
 * @param delivered hints polled by all nodes
 * @param redelivered hints that were due again because nobody acknowledged them
 * @param acknowledged hints acknowledged in time
 * @param state whether hints are given out
 * @param limit how many are given out at most; null if there is no limit
 */
public record KindStats(
    long ready,
    long later,
    long taken,
    long offered,
    long merged,
    long dropped,
    long delivered,
    long redelivered,
    long acknowledged,
    State state,
    @Nullable Rate limit) {

  /** Whether hints of a kind are given out. */
  public enum State {
    /** They are. */
    OPEN,
    /** They are kept until {@link RedisWorkQueue#resume}. */
    PAUSED
  }
}

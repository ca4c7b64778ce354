package dev.hfsm.ledger;

import dev.hfsm.model.ReferenceName;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import java.util.List;

/**
 * The answer to a purge.
 *
 * @param outcome what happened; nothing was removed unless it is PURGED
 * @param references the claims removed, in order of name
 * @param variants how many variants were removed, made or not
 * @param work how many pieces of work were removed
 * @param keys the keys that are garbage now: the original's first, then the variants' in order
 * @param at when, on the ledger's clock
 */
public record Purged(
    Outcome outcome,
    List<ReferenceName> references,
    int variants,
    int work,
    List<StorageKey> keys,
    Instant at) {

  /** Copies both lists. */
  public Purged {
    references = List.copyOf(references);
    keys = List.copyOf(keys);
  }

  /** Nothing was removed. */
  public static Purged nothing(Outcome outcome, Instant at) {
    return new Purged(outcome, List.of(), 0, 0, List.of(), at);
  }

  /** What a purge can come to. */
  public enum Outcome {
    /** The asset is gone. */
    PURGED,
    /** A legal hold is on it. */
    HELD,
    /** There is no such asset. */
    ABSENT
  }
}

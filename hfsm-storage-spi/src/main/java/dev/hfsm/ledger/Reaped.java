package dev.hfsm.ledger;

import dev.hfsm.model.Subject;
import java.util.List;

/**
 * What a reaping did.
 *
 * @param freed work whose lease had expired and that is due again
 * @param buried work whose lease had expired on its last attempt; it is dead
 */
public record Reaped(List<Subject> freed, List<Subject> buried) {

  /** Copies both lists. */
  public Reaped {
    freed = List.copyOf(freed);
    buried = List.copyOf(buried);
  }
}

package dev.hfsm.ledger;

import java.time.Duration;
import java.util.List;

/**
 * What making and keeping variants costs, for those who set bounds to it. Nodes tell what they have
 * spent now and then, many variants with one call, and ask for the sums of all; so nobody waits for
 * it who makes a variant, and what is known is some seconds old.
 */
public interface CostLedger {

  /**
   * Adds to what was spent in this minute. An answer that is lost leaves open whether it was: it is
   * a measure, not an account.
   *
   * @param spent a scope may stand there more than once; empty does nothing
   */
  void spend(List<Spending> spent);

  /**
   * The costs of each scope that has any, in order of scope.
   *
   * @param window how far back; whole minutes are counted, so up to one more is
   */
  List<Costs> costs(Duration window);

  /** Measures anew what the variants of each scope take, and forgets what was told before. */
  void measure();

  /**
   * Forgets what was spent longer ago than that. What was told since the last measuring is needed
   * for as long as there is no later one.
   *
   * @return how many minutes of scopes were forgotten
   */
  int forget(Duration age);
}

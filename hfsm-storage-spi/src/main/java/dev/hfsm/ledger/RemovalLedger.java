package dev.hfsm.ledger;

import java.time.Duration;

/**
 * The ledger as those see it who keep rows in memory: a log of what they must remove. It names an
 * asset when the asset is gone, with all its variants, and when something of its row has changed
 * that does not change in the course of things: to whom it is shown, where its bytes lie, a hold, a
 * note of damage. Evicted variants are not in it: what was made of them is as good as before, and
 * whoever finds the bytes gone looks again. An entry is committed with the change it tells of.
 *
 * <p>Entries stand in the order in which they were committed: whoever has read up to a place never
 * finds one before it later. Each method is one transaction.
 */
public interface RemovalLedger {

  /** Where the log ends. Whoever begins with nothing in memory reads on from here. */
  long end();

  /**
   * What was entered after a place.
   *
   * @param place {@link #end}, or where the last reading ended
   * @param limit how many entries at most, 1 or more
   */
  Removals after(long place, int limit);

  /**
   * Takes the oldest entries out of the log, as far as they are older than {@code age}. Whoever has
   * not read them by then is told so.
   *
   * @param limit how many at most
   * @return how many
   */
  int trim(Duration age, int limit);
}

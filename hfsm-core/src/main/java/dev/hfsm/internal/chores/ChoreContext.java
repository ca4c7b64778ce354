package dev.hfsm.internal.chores;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.internal.Settings;

/** What a chore sees of the node it runs on. For the thread that runs the chore. */
public interface ChoreContext {

  /**
   * What was noted last, by whichever node; empty if nothing ever was. It outlives the end of a
   * chore: whoever came to the end notes the beginning.
   */
  String progress();

  /**
   * Notes how far the chore has come. A local chore's notes are forgotten with the process.
   *
   * @param progress up to {@link #MAX_PROGRESS} characters
   * @throws LeaseLostException if another node has the chore now; nothing was noted then
   */
  void note(String progress);

  /** The most characters a note may have. */
  int MAX_PROGRESS = 900;

  /**
   * Whether to go on. Extends the lease where needed, so ask at least every few seconds. False when
   * the pipeline closes, when the lease was lost, and when the chore has had its turn; then return.
   */
  boolean keepGoing();

  /** The ledger, the store, the clock and the rest. */
  Settings settings();
}

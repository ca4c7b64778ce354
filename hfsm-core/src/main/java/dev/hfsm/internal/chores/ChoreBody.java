package dev.hfsm.internal.chores;

/**
 * What a chore does. One thread at a time runs it on a node; whatever it throws is logged, and the
 * chore is tried again at its next cadence.
 */
@FunctionalInterface
public interface ChoreBody {

  /** Whether a chore came to its end. */
  enum Turn {
    /** Done until the cadence is over. */
    DONE,
    /** Stopped on the way: it is called again after others had their turn. */
    MORE
  }

  /**
   * Does a part of the chore: batch by batch, asking {@link ChoreContext#keepGoing} between them,
   * and noting where the next one begins if a successor has to know.
   */
  Turn run(ChoreContext context);
}

package dev.hfsm.custody;

/**
 * Why nothing was removed.
 *
 * @param reason which of the safeguards it was
 * @param expected what would have been let through
 * @param found what was found instead, and what to do about it
 */
public record Refusal(Reason reason, String expected, String found) {

  /** The safeguards. */
  public enum Reason {
    /** The store does not say whose it is: nothing was ever put by a ledger that says so. */
    NO_STORE_ID,
    /** The store belongs to another ledger. */
    OTHER_LEDGER,
    /** The ledger was restored from a backup, and what it lost has not been looked for yet. */
    RESTORED,
    /** There is so much to remove that something else must be wrong. */
    TOO_MANY,
    /** Another node, or another call, is at it. */
    BUSY
  }

  /** One sentence: what was expected, what was found. */
  @Override
  public String toString() {
    return "expected " + expected + ", found " + found;
  }
}

package dev.hfsm.custody;

/**
 * What became of objects that nobody may name any more.
 *
 * @param objects how many were deleted, or would be; a dry run counts no further than 10,000. A
 *     store that deletes many at once ({@link dev.hfsm.storage.BatchDelete}) does not say whether
 *     there was an object: there, whose object went before a crash kept it from being forgotten
 *     counts as well
 * @param bytes how many bytes they took, as the ledger knows them
 * @param failed how many could not be deleted and stay garbage, to be tried again
 */
public record Cleared(long objects, long bytes, long failed) {

  /** Nothing was there. */
  public static final Cleared NOTHING = new Cleared(0, 0, 0);
}

package dev.hfsm.custody;

/**
 * What became of objects that nobody may name any more.
 *
 * @param objects how many were deleted, or would be; a dry run counts no further than 10,000
 * @param bytes how many bytes they took
 * @param failed how many could not be deleted and stay garbage, to be tried again
 */
public record Cleared(long objects, long bytes, long failed) {

  /** Nothing was there. */
  public static final Cleared NOTHING = new Cleared(0, 0, 0);
}

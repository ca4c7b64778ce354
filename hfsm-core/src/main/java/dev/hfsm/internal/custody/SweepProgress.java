package dev.hfsm.internal.custody;

import dev.hfsm.model.Cursor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a sweep has come, as it is noted for whoever goes on with it. The first pass counts, the
 * second deletes. Its text form is {@code <pass> <scanned> <foreign> <orphans> <landings> <deleted>
 * <cleared> <bytes> <failed> <cursor>}.
 *
 * @param deleted how many orphans were deleted
 * @param cleared how many landings were
 */
record SweepProgress(
    Pass pass,
    long scanned,
    long foreign,
    long orphans,
    long landings,
    long deleted,
    long cleared,
    long bytes,
    long failed,
    Cursor after) {

  static final SweepProgress START =
      new SweepProgress(Pass.COUNT, 0, 0, 0, 0, 0, 0, 0, 0, Cursor.START);

  private static final int FIELDS = 10;

  enum Pass {
    COUNT,
    DELETE,
    /** There were too many orphans: they stay, and landings go all the same. */
    CLEAR
  }

  /** What cannot be read was noted by another version: the sweep begins anew. */
  static SweepProgress parse(String text) {
    String[] fields = text.split(" ", -1);
    if (fields.length != FIELDS) {
      return START;
    }
    try {
      return new SweepProgress(
          Pass.valueOf(fields[0]),
          Long.parseLong(fields[1]),
          Long.parseLong(fields[2]),
          Long.parseLong(fields[3]),
          Long.parseLong(fields[4]),
          Long.parseLong(fields[5]),
          Long.parseLong(fields[6]),
          Long.parseLong(fields[7]),
          Long.parseLong(fields[8]),
          new Cursor(fields[9]));
    } catch (IllegalArgumentException e) {
      return START;
    }
  }

  /**
   * What a page has added.
   *
   * @param bytes of those that nobody names and that a dry run looked at
   */
  record Counted(long scanned, long foreign, long orphans, long landings, long bytes) {}

  SweepProgress counted(Counted more, Cursor at) {
    return new SweepProgress(
        pass,
        scanned + more.scanned(),
        foreign + more.foreign(),
        orphans + more.orphans(),
        landings + more.landings(),
        deleted,
        cleared,
        bytes + more.bytes(),
        failed,
        at);
  }

  /** The counting is over; what is deleted is weighed from nothing. */
  SweepProgress deleting(Pass next) {
    return new SweepProgress(next, scanned, foreign, orphans, landings, 0, 0, 0, 0, Cursor.START);
  }

  SweepProgress deleted(long more, long moreCleared, long moreBytes, long moreFailed, Cursor at) {
    return new SweepProgress(
        pass,
        scanned,
        foreign,
        orphans,
        landings,
        deleted + more,
        cleared + moreCleared,
        bytes + moreBytes,
        failed + moreFailed,
        at);
  }

  @Override
  public String toString() {
    return Stream.<Object>of(
            pass,
            scanned,
            foreign,
            orphans,
            landings,
            deleted,
            cleared,
            bytes,
            failed,
            after.after())
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }
}

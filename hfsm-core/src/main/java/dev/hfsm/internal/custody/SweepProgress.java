package dev.hfsm.internal.custody;

import dev.hfsm.model.Cursor;

/**
 * How far a sweep has come, as it is noted for whoever goes on with it. The first pass counts, the
 * second deletes. Its text form is {@code <pass> <scanned> <foreign> <orphans> <deleted> <bytes>
 * <failed> <cursor>}.
 */
record SweepProgress(
    Pass pass,
    long scanned,
    long foreign,
    long orphans,
    long deleted,
    long bytes,
    long failed,
    Cursor after) {

  static final SweepProgress START = new SweepProgress(Pass.COUNT, 0, 0, 0, 0, 0, 0, Cursor.START);

  private static final int FIELDS = 8;

  enum Pass {
    COUNT,
    DELETE
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
          new Cursor(fields[7]));
    } catch (IllegalArgumentException e) {
      return START;
    }
  }

  SweepProgress counted(long more, long moreForeign, long moreOrphans, long moreBytes, Cursor at) {
    return new SweepProgress(
        pass,
        scanned + more,
        foreign + moreForeign,
        orphans + moreOrphans,
        deleted,
        bytes + moreBytes,
        failed,
        at);
  }

  /** The counting is over; what is deleted is weighed from nothing. */
  SweepProgress deleting() {
    return new SweepProgress(Pass.DELETE, scanned, foreign, orphans, 0, 0, 0, Cursor.START);
  }

  SweepProgress deleted(long more, long moreBytes, long moreFailed, Cursor at) {
    return new SweepProgress(
        pass,
        scanned,
        foreign,
        orphans,
        deleted + more,
        bytes + moreBytes,
        failed + moreFailed,
        at);
  }

  @Override
  public String toString() {
    return pass
        + " "
        + scanned
        + " "
        + foreign
        + " "
        + orphans
        + " "
        + deleted
        + " "
        + bytes
        + " "
        + failed
        + " "
        + after.after();
  }
}

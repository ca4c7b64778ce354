package dev.hfsm.reliability.process;

/**
 * What somebody did to an asset, and when, on the clock that all processes of a machine share.
 *
 * @param start before it was begun
 * @param end after it had come to its end; {@link #NEVER} if nobody knows whether it did
 * @param kind what was done
 * @param digest number of the asset
 * @param name number of the name among the asset's own; 0 if it is about no name
 * @param outcome what came of it
 * @param detail the storage key for a FIND, the names seen as bits for REFERENCES, else empty
 */
record Operation(
    long start, long end, Kind kind, int digest, int name, Outcome outcome, String detail) {

  /** The end of what has none. */
  static final long NEVER = Long.MAX_VALUE;

  /** What can be done. */
  enum Kind {
    INGEST,
    RETAIN,
    RELEASE,
    COLLECT,
    PURGE,
    FIND,
    OPEN,
    REFERENCES;

    boolean writes() {
      return ordinal() < FIND.ordinal();
    }
  }

  /** What can come of it. */
  enum Outcome {
    /** An ingest brought the asset into being. */
    CREATED,
    /** An ingest found the asset there. */
    DUPLICATE,
    /** A name was pointed at the asset, or taken from it. */
    DONE,
    /** Nothing was done to the asset, for whatever reason. */
    NONE,
    /** The asset is gone by this. */
    REMOVED,
    /** The asset was there, and so were its bytes. */
    PRESENT,
    /** There was no such asset, or no such name. */
    ABSENT,
    /** There were other bytes than the asset's, or none. */
    DAMAGED,
    /** These names claimed the asset. */
    SEEN,
    /** Nobody knows: it may have happened, or happen at any time after its start, or never. */
    UNKNOWN
  }

  boolean isUnknown() {
    return outcome == Outcome.UNKNOWN;
  }
}
